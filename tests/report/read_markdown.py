"""read_markdown.py HTML RECORDS - what cmark-gfm made of a report: only tables, text and commands of ours, and every name as it was.

HTML: of cws-report --format md --top 0.  RECORDS: what it was made of.
"""
import html.parser
import json
import sys

ALLOWED = {"h1", "h2", "p", "strong", "pre", "code", "table", "thead", "tbody", "tr", "th", "td"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.rows, self.cell = set(), [], None

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert all(name == "align" or (tag, name, value) == ("code", "class", "language-sh") for name, value in attrs), (tag, attrs)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.cell = ""

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.rows[-1].append(self.cell)
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data


def shown(name):
    hidden = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\u2028\u2029"
    return "".join("?" if ord(c) < 32 or 127 <= ord(c) < 160 or c in hidden else c for c in name)


page = Page()
page.feed(open(sys.argv[1], encoding="utf-8").read())
assert page.tags <= ALLOWED, page.tags - ALLOWED
cells = {cell for row in page.rows for cell in row}
for line in open(sys.argv[2], encoding="utf-8"):
    record = json.loads(line)
    assert shown(record["owner_name"]) + "/" + shown(record["name"]) in cells, record["name"]
    assert shown(record["template_name"]) in cells, record["template_name"]
