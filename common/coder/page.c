/* page.c - copy the workspaces of a reply by their spans, leaving two members out. */

#include "coder/page.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_scan.h"
#include "base/xalloc.h"

/* Copies a text in runs: everything up to a point, then on from another. */
struct copier {
	struct buf *out;
	const char *from;
};

/*
 * What is cut out of one object: with each removed member goes the comma that it would leave
 * behind.
 */
struct cuts {
	const char *kept; /* end of the last member that stays, or of the cut behind it */
	const char *hole; /* begin of a cut that starts at the object's first member */
	const char *last; /* end of the last removed member */
};

static void
copy_to(struct copier *c, const char *p)
{
	buf_put(c->out, c->from, (size_t)(p - c->from));
	c->from = p;
}

/* A member begins at its name's quote. */
static void
cuts_begin(struct cuts *u, struct copier *c, const char *quote, bool removed)
{
	if (removed && u->kept == NULL && u->hole == NULL)
		u->hole = quote;
	if (!removed && u->hole != NULL) {
		copy_to(c, u->hole);
		c->from = quote;
		u->hole = NULL;
	}
}

static void
cuts_end(struct cuts *u, struct copier *c, const char *end, bool removed)
{
	if (removed && u->kept != NULL) {
		copy_to(c, u->kept);
		c->from = end;
	}
	if (removed)
		u->last = end;
	if (!removed || u->kept != NULL)
		u->kept = end;
}

/* The object is over; nothing but removed members may have been in it. */
static void
cuts_close(struct cuts *u, struct copier *c)
{
	if (u->hole != NULL) {
		copy_to(c, u->hole);
		c->from = u->last;
	}
}

/* latest_build without resources. */
static void
copy_build(struct json_scan *s, struct copier *c)
{
	struct cuts  u = { NULL, NULL, NULL };
	struct slice key;

	json_scan_enter(s, '{');
	while (json_scan_member(s, &key)) {
		bool removed = slice_is(&key, "resources");

		cuts_begin(&u, c, key.p - 1, removed);
		json_scan_value(s);
		if (s->fault != NULL)
			return;
		cuts_end(&u, c, s->p, removed);
	}
	if (s->fault == NULL)
		cuts_close(&u, c);
}

static void
read_member(struct row *row, const struct slice *key, struct slice v)
{
	if (slice_is(key, "id"))
		row->id = uuid_of(v);
	else if (slice_is(key, "owner_id"))
		row->owner_id = uuid_of(v);
	else if (slice_is(key, "template_id"))
		row->template_id = uuid_of(v);
	else if (slice_is(key, "template_active_version_id"))
		row->active_version_id = uuid_of(v);
	else if (slice_is(key, "organization_id"))
		row->organization_id = uuid_of(v);
	else if (slice_is(key, "is_prebuild"))
		row->prebuild = v.n == 4 && v.p[0] == 't';
}

static struct row *
new_row(struct page *p)
{
	struct row *row;

	if (p->rows == p->cap) {
		p->cap = p->cap == 0 ? 64 : p->cap * 2;
		p->row = xrealloc(p->row, p->cap, sizeof(*p->row));
	}
	row = &p->row[p->rows++];
	memset(row, 0, sizeof(*row));
	row->at = p->text.n;
	return row;
}

/* Outside strings, where the strict scan leaves them, line ends are blanks like any other. */
static void
blank_out(struct buf *b, size_t at, char what)
{
	char *c;

	while (at < b->n && (c = memchr(b->p + at, what, b->n - at)) != NULL) {
		*c = ' ';
		at = (size_t)(c - b->p) + 1;
	}
}

static bool
copy_workspace(struct page *p, struct json_scan *s, bool full)
{
	static const struct uuid none;
	struct row              *row = new_row(p);
	struct cuts              u = { NULL, NULL, NULL };
	struct copier            c = { &p->text, NULL };
	struct slice             key, v;

	json_scan_peek(s);
	c.from = s->p;
	json_scan_enter(s, '{');
	while (json_scan_member(s, &key)) {
		bool removed = slice_is(&key, "cws");

		cuts_begin(&u, &c, key.p - 1, removed);
		if (!full && json_scan_peek(s) == '{' && slice_is(&key, "latest_build")) {
			copy_build(s, &c);
		} else {
			v = json_scan_value(s);
			if (v.p != NULL)
				read_member(row, &key, v);
		}
		if (s->fault != NULL)
			return false;
		cuts_end(&u, &c, s->p, removed);
	}
	if (s->fault != NULL)
		return false;
	cuts_close(&u, &c);
	copy_to(&c, s->p);
	row->n = p->text.n - row->at;
	if (memcmp(&row->id, &none, sizeof(none)) == 0) {
		s->fault = "a workspace without an id";
		return false;
	}
	blank_out(&p->text, row->at, '\n');
	blank_out(&p->text, row->at, '\r');
	return true;
}

/* A count: digits only. */
static bool
read_count(struct slice v, int64_t *count)
{
	size_t i;

	*count = 0;
	for (i = 0; i < v.n; i++) {
		if (v.p[i] < '0' || v.p[i] > '9' || i > 15)
			return false;
		*count = *count * 10 + (v.p[i] - '0');
	}
	return v.n > 0;
}

int
page_split(struct page *p, const char *body, size_t n, bool full, struct err *err)
{
	struct json_scan s;
	struct slice     key, v;
	bool             listed = false, counted = false;

	p->rows = 0;
	p->count = 0;
	buf_reset(&p->text);
	json_scan_open(&s, body, n);
	if (json_scan_enter(&s, '{'))
		while (json_scan_member(&s, &key)) {
			if (slice_is(&key, "workspaces") && json_scan_peek(&s) == '[') {
				listed = true;
				json_scan_enter(&s, '[');
				while (json_scan_element(&s))
					if (!copy_workspace(p, &s, full))
						break;
				continue;
			}
			v = json_scan_value(&s);
			/* Go writes a list that was never made as null */
			if (v.n == 4 && v.p[0] == 'n' && slice_is(&key, "workspaces"))
				listed = true;
			else if (v.p != NULL && slice_is(&key, "count"))
				counted = read_count(v, &p->count);
		}
	if (!json_scan_end(&s))
		return err_set(err, CWS_FAIL, "the reply cannot be read: %s at byte %zu", s.fault,
		        (size_t)(s.p - s.start));
	if (!listed || !counted)
		return err_set(err, CWS_FAIL, "the reply is no list of workspaces");
	if (p->text.over)
		return err_set(err, CWS_FAIL, "the reply is too large");
	return 0;
}

void
page_init(struct page *p)
{
	memset(p, 0, sizeof(*p));
	buf_init(&p->text, BUF_BODY_MAX);
}

void
page_release(struct page *p)
{
	free(p->row);
	buf_release(&p->text);
	page_init(p);
}
