/* rec_read.c - the members of a table, each as what it has to be. */

#include "record/rec_priv.h"

#include <string.h>

#include "base/json_scan.h"
#include "base/rfc3339.h"

/*
 * Where a text of the line is decoded to: each at its own place, so that none is in another's way.
 */
static char *
room_of(const struct rec *r, struct slice value)
{
	return r->texts + (value.p - r->line.p);
}

const char *
rec_decode(const struct rec *r, struct slice value)
{
	char *text = room_of(r, value);

	return slice_text(&value, text) ? text : NULL;
}

int
rec_instant(const struct rec *r, struct slice value, struct when *out)
{
	const char *text = value.p + 1;
	size_t      n = value.n - 2;

	*out = when_none();
	if (value.p[0] != '"')
		return -1;
	if (memchr(text, '\\', n) != NULL) {
		text = rec_decode(r, value);
		if (text == NULL)
			return -1;
		n = strlen(text);
	}
	if (!rfc3339_parse(text, n, &out->us))
		return -1;
	out->known = out->us >= 0;
	if (!out->known)
		out->us = 0;
	return 0;
}

/* A list of strings, one behind the other at the list's own place.  False when it is none. */
static bool
decode_words(const struct rec *r, struct slice list, struct word_list *out)
{
	struct json_scan s;
	struct slice     v;
	char            *text = room_of(r, list);

	json_scan_open(&s, list.p, list.n);
	if (!json_scan_enter(&s, '['))
		return false;
	out->first = text;
	for (; json_scan_element(&s); out->n++) {
		v = json_scan_value(&s);
		if (v.p[0] != '"' || !slice_text(&v, text))
			return false;
		text += strlen(text) + 1;
	}
	return true;
}

static int
wrong(struct err *err, const char *path, const char *what)
{
	return err_set(err, CWS_PARTIAL, "'%s' is not %s", path, what);
}

static int
put_text(
        const struct rec *r, const struct fact *f, struct slice v, const char **to, struct err *err)
{
	if (v.p == NULL) {
		*to = f->kind == FACT_TEXT ? NULL : "";
		return 0;
	}
	if (v.p[0] != '"')
		return wrong(err, f->path, "a string");
	*to = rec_decode(r, v);
	return *to != NULL ? 0 : wrong(err, f->path, "text: it holds a NUL");
}

/* One member, to its place in the program's struct; v.p is NULL when there is none. */
static int
put(const struct rec *r, const struct fact *f, struct slice v, void *to, struct err *err)
{
	switch (f->kind) {
	case FACT_TEXT:
	case FACT_TEXT_OR_EMPTY:
		return put_text(r, f, v, to, err);
	case FACT_INT:
		*(int64_t *)to = 0;
		return v.p == NULL || slice_int(&v, to) ? 0 : wrong(err, f->path, "a whole number");
	case FACT_FLAG:
		*(bool *)to = v.p != NULL && v.p[0] == 't';
		return v.p == NULL || v.p[0] == 't' || v.p[0] == 'f'
		               ? 0
		               : wrong(err, f->path, "true or false");
	case FACT_WHEN:
		*(struct when *)to = when_none();
		return v.p == NULL || rec_instant(r, v, to) == 0
		               ? 0
		               : wrong(err, f->path, "an instant (RFC 3339)");
	case FACT_WORDS:
		*(struct word_list *)to = (struct word_list){ NULL, 0 };
		return v.p == NULL || decode_words(r, v, to)
		               ? 0
		               : wrong(err, f->path, "a list of names");
	case FACT_RAW:
		*(struct slice *)to = v;
		return 0;
	case FACT_KNOWN:
		*(bool *)to = v.p != NULL;
		return 0;
	}
	return 0;
}

int
rec_read(struct rec *r, const struct fact_table *table, void *facts, struct err *err)
{
	const struct slice none = { NULL, 0 };
	const int         *slot = rec_slots(r, table);
	size_t             i;

	for (i = 0; i < table->n; i++) {
		const struct fact *f = &table->fact[i];
		struct slice       v = r->raw[slot[i]];

		if (v.p == rec_misfit)
			return err_set(
			        err, CWS_PARTIAL, "'%.*s' is not an object", (int)v.n, f->path);
		if (put(r, f, v.p != NULL && v.p[0] == 'n' ? none : v, (char *)facts + f->offset,
		            err) != 0)
			return -1;
	}
	return 0;
}
