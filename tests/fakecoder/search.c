/* search.c - see search.h. */

#include "search.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void
search_fault(struct search *s, const char *key, const char *fmt, ...)
{
	va_list ap;
	char    text[4096];

	if (s->problem.n > 0)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_puts(&s->problem, text);
	snprintf(s->field, sizeof(s->field), "%s", key);
}

/* s as Go's %q prints it, for the plain characters and the tab. */
static char *
go_quoted(const char *s)
{
	struct buf b;

	buf_init(&b, 8192);
	buf_putc(&b, '"');
	for (; *s != '\0'; s++) {
		if (*s == '\t')
			buf_puts(&b, "\\t");
		else if (*s == '"' || *s == '\\')
			buf_printf(&b, "\\%c", *s);
		else
			buf_putc(&b, *s);
	}
	buf_putc(&b, '"');
	return b.p;
}

static char *
without_quotes(const char *s, size_t n)
{
	char *out = xmemdup0(s, n);

	if (n > 0 && out[0] == '"') {
		memmove(out, out + 1, n--);
		if (n > 0 && out[n - 1] == '"')
			out[n - 1] = '\0';
	}
	return out;
}

static void
add_term(struct search *s, char *key, char *value)
{
	if (s->n == MAX_TERMS) {
		search_fault(s, "q", "too many query elements");
		free(key);
		free(value);
		return;
	}
	s->terms[s->n++] = (struct term){ key, value, false };
}

static void
element(struct search *s, const char *e, size_t n, struct buf *words)
{
	char       *text = xmemdup0(e, n), *quoted = go_quoted(text);
	const char *colon = NULL;
	int         colons = 0;
	bool        in_quotes = false;

	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '"')
			in_quotes = !in_quotes;
		if (*p == ':' && !in_quotes && colons++ == 0)
			colon = p;
	}
	if (colons > 0 && (text[0] == ':' || text[n - 1] == ':')) {
		search_fault(s, "q", "Query element %s cannot start or end with ':'", quoted);
	} else if (colons > 1) {
		search_fault(s, "q", "Query element %s can only contain 1 ':'", quoted);
	} else if (colon == NULL) {
		char *word = without_quotes(text, n);

		buf_printf(words, "%s%s", words->n > 0 ? " " : "", word);
		free(word);
	} else {
		add_term(s, without_quotes(text, (size_t)(colon - text)),
		    without_quotes(colon + 1, n - (size_t)(colon - text) - 1));
	}
	free(text);
	free(quoted);
}

void
search_parse(struct search *s, const char *q, const char *bare, bool slash)
{
	char      *low = xstrdup(q != NULL ? q : "");
	struct buf words;

	memset(s, 0, sizeof(*s));
	buf_init(&s->problem, 8192);
	buf_init(&words, SIZE_MAX);
	for (char *p = low; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 'a' - 'A');
	for (const char *p = low; *p != '\0';) {
		const char *from = p;
		bool        in_quotes = false;

		for (; *p != '\0' && (in_quotes || *p != ' '); p++)
			if (*p == '"')
				in_quotes = !in_quotes;
		if (p > from)
			element(s, from, (size_t)(p - from), &words);
		p += *p == ' ';
	}
	if (words.n > 0) {
		const char *text = buf_text(&words), *cut = slash ? strchr(text, '/') : NULL;

		if (cut != NULL && strchr(cut + 1, '/') != NULL) {
			search_fault(s, "q", "Query element \"%s\" can only contain 1 '/'", text);
		} else if (cut != NULL) {
			if (cut > text)
				add_term(s, xstrdup("owner"), xmemdup0(text, (size_t)(cut - text)));
			add_term(s, xstrdup(bare), xstrdup(cut + 1));
		} else {
			add_term(s, xstrdup(bare), xstrdup(text));
		}
	}
	buf_release(&words);
	free(low);
}

const char *
search_text(struct search *s, const char *key)
{
	const char *found = NULL;
	int         times = 0;

	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->terms[i].key, key) == 0) {
			s->terms[i].used = true;
			if (times++ == 0)
				found = s->terms[i].value;
		}
	if (times > 1)
		search_fault(s, key, "Query param \"%s\" provided more than once, found %d times. Only provide 1 instance of this "
				     "query param.", key, times);
	return found != NULL ? found : "";
}

const char *
search_each(struct search *s, const char *key, size_t *i)
{
	for (; *i < s->n; ++*i)
		if (strcmp(s->terms[*i].key, key) == 0) {
			s->terms[*i].used = true;
			return s->terms[(*i)++].value;
		}
	return NULL;
}

int
search_bool(struct search *s, const char *key)
{
	static const char *const words[] = { "0", "1", "f", "t", "false", "true" };
	const char              *v = search_text(s, key);

	if (v[0] == '\0')
		return -1;
	for (int i = 0; i < 6; i++)
		if (strcmp(v, words[i]) == 0)
			return i % 2;
	search_fault(s, key, "Query param \"%s\" must be a valid boolean: strconv.ParseBool: parsing \"%s\": invalid syntax", key,
	    v);
	return -1;
}

int64_t
search_time(struct search *s, const char *key)
{
	static const char layout[] = "2006-01-02T15:04:05.999999999Z07:00";
	char             *v = xstrdup(search_text(s, key));
	int64_t           at_us = NO_TIME;
	struct buf        why;

	buf_init(&why, 4096);
	for (char *p = v; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	if (v[0] != '\0' && !go_time(v, layout, &at_us, &why)) {
		search_fault(s, key, "Query param \"%s\" must be a valid date format (%s): %s", key, layout, buf_text(&why));
		at_us = NO_TIME;
	}
	buf_release(&why);
	free(v);
	return at_us;
}

bool
search_done(struct search *s, struct req *r, const char *message)
{
	for (size_t i = 0; i < s->n && s->problem.n == 0; i++)
		if (!s->terms[i].used)
			search_fault(s, s->terms[i].key, "\"%s\" is not a valid query param", s->terms[i].key);
	if (s->problem.n == 0)
		return true;
	reply_invalid(r, 400, message, s->field, buf_text(&s->problem));
	return false;
}

void
search_free(struct search *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->terms[i].key);
		free(s->terms[i].value);
	}
	buf_release(&s->problem);
}
