/* holds_load.c - lines of JSON to holds. */

#include "settings/holds_load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/json_scan.h"
#include "base/ndjson.h"
#include "base/random.h"
#include "base/rfc3339.h"
#include "base/slice.h"
#include "base/xalloc.h"
#include "judge/exclude.h"

#define HOLDS_MAX 100000

enum part { WORKSPACE, UNTIL, WHO, WHY, PARTS };

static const struct {
	const char *name, *expected;
	bool        needed;
} parts[PARTS] = {
	[WORKSPACE] = { "workspace", "\"owner/name\"", true },
	[UNTIL] = { "until", "an instant such as \"2026-12-31T18:00:00Z\"", true },
	[WHO] = { "who", "text", false },
	[WHY] = { "why", "text", false },
};

/*
 * The decoded text of a JSON string; NULL for another value, or one that holds a NUL.  Owned by the
 * caller.
 */
static char *
text_of(struct slice v)
{
	char *out;

	if (v.n < 2 || v.p[0] != '"')
		return NULL;
	out = xcalloc(v.n, 1);
	if (slice_text(&v, out))
		return out;
	free(out);
	return NULL;
}

/* The four members of one line; values are slices of it. */
static int
read_parts(const char *line, size_t n, struct slice value[PARTS], struct err *err)
{
	struct json_scan s;
	struct slice     key, v;
	size_t           i;

	memset(value, 0, PARTS * sizeof(*value));
	json_scan_open(&s, line, n);
	for (json_scan_enter(&s, '{'); json_scan_member(&s, &key);) {
		v = json_scan_value(&s);
		for (i = 0; i < PARTS && v.p != NULL; i++) {
			if (!slice_is(&key, parts[i].name))
				continue;
			if (value[i].p != NULL)
				return err_set(err, CWS_USAGE,
				        "two members named '%s': expected one", parts[i].name);
			value[i] = v;
		}
	}
	if (!json_scan_end(&s))
		return err_set(err, CWS_USAGE, "expected one JSON object a line: %s at byte %zu",
		        s.fault, (size_t)(s.p - line) + 1);
	for (i = 0; i < PARTS; i++)
		if (value[i].p != NULL && value[i].p[0] == 'n')
			value[i].p = NULL;
	return 0;
}

/* "@ada/dev.main" becomes "ada/dev".  False where no workspace can be meant. */
static bool
is_workspace(char *text)
{
	const char *s = text;
	size_t      n = strlen(text);

	if (!exclude_as_meant(EXCLUDE_NAME, &s, &n))
		return false;
	memmove(text, s, n);
	text[n] = '\0';
	return holds_is_workspace(text);
}

/* Is this text what the part has to be? */
static bool
is_part(enum part i, char *text, struct hold *hold)
{
	if (i == WORKSPACE)
		return is_workspace(text);
	return i != UNTIL || rfc3339_parse(text, strlen(text), &hold->until_us);
}

static int
read_hold(const char *line, size_t n, struct hold *hold, struct err *err)
{
	struct slice value[PARTS];
	char        *text[PARTS] = { NULL };
	bool         ok;
	size_t       i;

	if (read_parts(line, n, value, err) != 0)
		return -1;
	for (i = 0; i < PARTS; i++) {
		if (value[i].p != NULL)
			text[i] = text_of(value[i]);
		if (text[i] != NULL)
			ok = is_part((enum part)i, text[i], hold);
		else
			ok = value[i].p == NULL && !parts[i].needed;
		if (!ok)
			break;
	}
	if (i == PARTS) {
		free(text[UNTIL]);
		hold->workspace = text[WORKSPACE];
		hold->who = text[WHO];
		hold->why = text[WHY];
		return 0;
	}
	if (value[i].p == NULL)
		err_set(err, CWS_USAGE, "'.%s' is missing: expected %s", parts[i].name,
		        parts[i].expected);
	else
		err_set(err, CWS_USAGE, "'.%s': expected %s, got %.*s", parts[i].name,
		        parts[i].expected, (int)(value[i].n < 60 ? value[i].n : 60), value[i].p);
	for (i = 0; i < PARTS; i++)
		free(text[i]);
	return -1;
}

static int
read_all(struct holds_file *f, struct ndjson_in *in, struct err *err)
{
	const char *line;
	size_t      n, room = 0;

	for (;;)
		switch (ndjson_next(in, &line, &n)) {
		case ND_LINE:
		case ND_LAST: /* written by hand, it may lack its newline */
			if (f->holds.n == HOLDS_MAX)
				return err_set(
				        err, CWS_USAGE, "expected at most %d holds", HOLDS_MAX);
			if (f->holds.n == room) {
				room = room != 0 ? 2 * room : 64;
				f->hold = xrealloc(f->hold, room, sizeof(*f->hold));
			}
			if (read_hold(line, n, &f->hold[f->holds.n], err) != 0)
				return err_prefix(
				        err, "%s:%llu", f->path, (unsigned long long)in->lineno);
			f->hold[f->holds.n].seen = false;
			f->hold[f->holds.n++].line = in->lineno;
			break;
		case ND_LONG:
			return err_set(err, CWS_USAGE,
			        "%s:%llu: expected a line of less than 16 MiB", f->path,
			        (unsigned long long)in->lineno);
		case ND_EOF:
			return 0;
		case ND_ERROR:
			return err_set(
			        err, CWS_USAGE, "%s: cannot read: %s", f->path, strerror(errno));
		}
}

int
holds_load(struct holds_file *f, const char *path, struct err *err)
{
	struct ndjson_in in;
	int              fd = open(path, O_RDONLY | O_CLOEXEC), got;

	f->path = path;
	if (fd < 0)
		return err_set(err, CWS_USAGE, "%s: cannot open: %s", path, strerror(errno));
	ndjson_open(&in, fd);
	got = read_all(f, &in, err);
	ndjson_close(&in);
	close(fd);
	if (got != 0)
		return -1;
	f->room = xcalloc(names_room(f->holds.n), sizeof(*f->room));
	holds_init(&f->holds, f->hold, f->holds.n, f->room, random_u64());
	return 0;
}

static void
drop(const char *text)
{
	free((char *)(uintptr_t)text); /* ours, const only for those who read it */
}

void
holds_unload(struct holds_file *f)
{
	size_t i;

	for (i = 0; i < f->holds.n; i++) {
		drop(f->hold[i].workspace);
		drop(f->hold[i].who);
		drop(f->hold[i].why);
	}
	free(f->hold);
	free(f->room);
	memset(f, 0, sizeof(*f));
}

void
holds_report(const struct holds_file *f, int64_t now_us)
{
	const struct hold *first;
	struct text        until;
	size_t             n;
	char               more[60] = "";

	first = holds_expired(&f->holds, now_us, &n);
	if (first == NULL)
		return;
	text_clear(&until);
	text_instant(&until, first->until_us);
	if (n > 1)
		snprintf(more, sizeof(more), " (and %zu more of this file)", n - 1);
	diag_warn("%s:%llu: the hold of %s ended at %s%s", f->path, (unsigned long long)first->line,
	        first->workspace, until.s, more);
}

void
holds_note(struct holds_file *f, const char *owner, const char *name)
{
	ptrdiff_t number;
	size_t    step = 0;

	if (f->holds.n == 0 || owner == NULL || name == NULL)
		return;
	while ((number = names_find(&f->holds.names, owner, name, &step)) >= 0)
		f->hold[number].seen = true;
}

void
holds_report_unseen(const struct holds_file *f, int64_t now_us)
{
	size_t i;

	for (i = 0; i < f->holds.n; i++)
		if (!f->hold[i].seen && f->hold[i].until_us > now_us)
			diag_notice("%s:%llu: %s: no workspace here has that name", f->path,
			        (unsigned long long)f->hold[i].line, f->hold[i].workspace);
}
