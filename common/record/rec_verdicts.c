/* rec_verdicts.c - the verdicts that a record carries. */

#include "record/rec_priv.h"

#include <string.h>

#include "base/xalloc.h"

static int
shown(const struct pair *p)
{
	return (int)(p->name.n < 60 ? p->name.n : 60);
}

static int
bad_part(struct err *err, const struct pair *p, enum part part, const char *what)
{
	return err_set(err, CWS_PARTIAL, "'.cws.%.*s.%s' is not %s", shown(p), p->name.p,
	        rec_parts[part], what);
}

/* Of two members of one name jq takes the last and others the first, so nobody takes either. */
static int
check_lone(const struct pair *p, enum part part, struct err *err)
{
	if ((p->twice >> part & 1) == 0)
		return 0;
	return err_set(err, CWS_PARTIAL, "'.cws.%.*s' has two members named '%s'", shown(p),
	        p->name.p, rec_parts[part]);
}

static int
check_flag(const struct pair *p, enum part part, struct err *err)
{
	struct slice v = p->part[part];

	if (v.p == NULL)
		return 0;
	if (check_lone(p, part, err) != 0)
		return -1;
	return v.p[0] == 't' || v.p[0] == 'f' ? 0 : bad_part(err, p, part, "true or false");
}

int
rec_check_cws(const struct rec *r, struct err *err)
{
	size_t i;

	for (i = 0; i < r->pairs; i++) {
		const struct pair *p = &r->pair[i];

		switch (p->value.p[0]) {
		case 'n':
			break;
		case '{':
			if (check_flag(p, PART_DUE, err) != 0 || check_flag(p, PART_KEEP, err) != 0)
				return -1;
			break;
		default: /* a veto one level short must not be passed over */
			if (!slice_is(&p->name, "aborted") &&
			        !(slice_is(&p->name, "note") && p->value.p[0] == '"'))
				return err_set(err, CWS_PARTIAL, "'.cws.%.*s' is not an object",
				        shown(p), p->name.p);
		}
	}
	return 0;
}

static const char *
text_or_empty(const struct rec *r, struct slice v)
{
	return v.p != NULL && v.p[0] == '"' ? rec_decode(r, v) : "";
}

static struct when
instant_or_none(const struct rec *r, struct slice v)
{
	struct when w = when_none();

	return v.p != NULL && rec_instant(r, v, &w) == 0 ? w : when_none();
}

/* Is this part there, and not null? */
static bool
is_known(const struct pair *p, enum part part)
{
	return p->part[part].p != NULL && p->part[part].p[0] != 'n';
}

/* The members that narrow a verdict: one that cannot be read must not widen it. */
static void
read_limits(const struct rec *r, const struct pair *p, struct verdict_seen *v)
{
	const struct slice *part = p->part;
	enum part           idle = strcmp(v->name, "habit") == 0 ? PART_UNUSED : PART_IDLE;

	v->unreadable = NULL;
	v->window_end = is_known(p, PART_WINDOW_END) ? instant_or_none(r, part[PART_WINDOW_END])
	                                             : when_none();
	if ((p->twice >> PART_WINDOW_END & 1) != 0 ||
	        (is_known(p, PART_WINDOW_END) && !v->window_end.known))
		v->unreadable = rec_parts[PART_WINDOW_END];
	v->idle_s = 0;
	v->has_idle = is_known(p, idle);
	if ((p->twice >> idle & 1) != 0 ||
	        (v->has_idle && (!slice_int(&part[idle], &v->idle_s) || v->idle_s < 0 ||
	                                v->idle_s > VERDICT_IDLE_MAX)))
		v->unreadable = rec_parts[idle];
	v->has_idle = v->has_idle && v->unreadable == NULL;
}

/* One member of cws into *v; 0 when it is a verdict, 1 when it is none, -1 when it is a bad one. */
static int
read_verdict(const struct rec *r, const struct pair *p, struct verdict_seen *v, struct err *err)
{
	const struct slice *part = p->part, quoted = { p->name.p - 1, p->name.n + 2 };

	if (p->value.p[0] != '{')
		return 1;
	if (slice_has_nul(&p->value) || slice_has_nul(&p->name))
		return err_set(err, CWS_PARTIAL, "'.cws.%.*s' holds a NUL", shown(p), p->name.p);
	if (part[PART_DUE].p == NULL && part[PART_KEEP].p == NULL)
		return 1;
	v->due = slice_is_true(part[PART_DUE]);
	v->keep = slice_is_true(part[PART_KEEP]);
	v->at = when_none();
	if (check_lone(p, PART_AT, err) != 0)
		return -1;
	if (is_known(p, PART_AT) && rec_instant(r, part[PART_AT], &v->at) != 0)
		return bad_part(err, p, PART_AT, "an instant (RFC 3339)");
	v->name = rec_decode(r, quoted);
	v->state = text_or_empty(r, part[PART_STATE]);
	v->why = text_or_empty(r, part[PART_WHY]);
	/* Of verdicts that are not ours these members may be anything. */
	v->stop_at = instant_or_none(r, part[PART_STOP_AT]);
	v->window_start = instant_or_none(r, part[PART_WINDOW_START]);
	v->deadline = instant_or_none(r, part[PART_DEADLINE]);
	read_limits(r, p, v);
	return 0;
}

int
rec_verdicts(struct rec *r, const struct verdict_seen **out, size_t *n, struct err *err)
{
	size_t i, found = 0;
	int    kind;

	rec_want_verdicts(r);
	*out = NULL;
	*n = 0;
	if (r->verdict_room < r->pairs) {
		r->verdict_room = r->room;
		r->verdict = xrealloc(r->verdict, r->verdict_room, sizeof(*r->verdict));
	}
	for (i = 0; i < r->pairs; i++) {
		kind = read_verdict(r, &r->pair[i], &r->verdict[found], err);
		if (kind < 0)
			return -1;
		found += kind == 0;
	}
	*out = r->verdict;
	*n = found;
	return 0;
}
