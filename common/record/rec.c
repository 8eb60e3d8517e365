/* rec.c - one strict scan finds the members, everything else stays bytes. */

#include "record/rec_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_scan.h"
#include "base/json_write.h"
#include "base/xalloc.h"

const char rec_misfit[] = "?";

/* These are objects in every record, if they are there, whoever asks for their members. */
static const char *const required[] = { ".latest_build.job.", ".latest_app_status." };

const char *const rec_parts[PARTS] = {
	[PART_DUE] = "due",
	[PART_KEEP] = "keep",
	[PART_AT] = "at",
	[PART_STATE] = "state",
	[PART_WHY] = "why",
	[PART_STOP_AT] = "stop_at",
	[PART_DEADLINE] = "deadline",
	[PART_WINDOW_START] = "window_start",
	[PART_WINDOW_END] = "window_end",
	[PART_IDLE] = "idle_s",
	[PART_UNUSED] = "unused_s",
};

/*
 * A bit for a name, so that one look tells most of those that are not ours; no name of ours is
 * empty.
 */
static uint64_t
mark_of(const char *name, size_t n)
{
	return UINT64_C(1) << (((unsigned char)name[0] + 8 * n) % 64);
}

/*
 * Behind its last target; a place without any has no memory for them, and NULL + 0 is not defined.
 */
static struct target *
end_of(const struct place *p)
{
	return p->targets != 0 ? p->target + p->targets : p->target;
}

/* The target of this name in a place; a new one asks for nothing yet. */
static struct target *
add_target(struct place *p, const char *name, size_t n)
{
	struct target *t;

	for (t = p->target; t < end_of(p); t++)
		if (t->n == n && memcmp(t->name, name, n) == 0)
			return t;
	p->target = xrealloc(p->target, p->targets + 1, sizeof(*p->target));
	t = &p->target[p->targets++];
	*t = (struct target){ name, n, NO_SLOT, PARTS, NULL };
	p->marks |= mark_of(name, n);
	return t;
}

/* The parts of a verdict, as many as are looked for. */
static void
add_parts(const struct rec *r, struct place *p)
{
	int i;

	for (i = 0; i < r->parts; i++)
		add_target(p, rec_parts[i], strlen(rec_parts[i]))->part = i;
}

/* The object of this name in a place; path as for struct place, up to its name's end. */
static struct place *
add_place(struct rec *r, struct place *outer, const char *path, size_t n)
{
	struct target *t = add_target(outer, path + outer->n + 1, n - outer->n - 1);

	if (t->place == NULL) {
		t->place = xcalloc(1, sizeof(*t->place));
		t->place->path = path;
		t->place->n = n;
		if (outer == r->cws)
			add_parts(r, t->place);
	}
	return t->place;
}

/*
 * The object that holds the member of this path, ".latest_build.deadline"; *name is where its name
 * begins.
 */
static struct place *
add_places(struct rec *r, const char *path, const char **name)
{
	struct place *p = &r->root;
	const char   *dot;

	for (; (dot = strchr(path + p->n + 1, '.')) != NULL;
	        p = add_place(r, p, path, (size_t)(dot - path)))
		continue;
	*name = path + p->n + 1;
	return p;
}

static int
add_member(struct rec *r, const char *path)
{
	const char    *name;
	struct place  *p = add_places(r, path, &name);
	struct target *t = add_target(p, name, strlen(name));

	if (t->slot == NO_SLOT) {
		r->raw = xrealloc(r->raw, (size_t)r->slots + 1, sizeof(*r->raw));
		r->raw[r->slots] = (struct slice){ NULL, 0 };
		t->slot = r->slots++;
	}
	return t->slot;
}

struct rec *
rec_new(void)
{
	struct rec   *r = xcalloc(1, sizeof(*r));
	struct place *p;
	const char   *name;
	size_t        i;

	r->parts = PART_KEEP + 1;
	r->root.path = "";
	r->root.unique = true;
	r->cws = add_place(r, &r->root, ".cws", 4);
	r->cws->required = r->cws->unique = true;
	p = add_place(r, &r->root, ".latest_build", 13);
	p->required = p->unique = true;
	for (i = 0; i < sizeof(required) / sizeof(required[0]); i++) {
		p = add_places(r, required[i], &name);
		p->required = true;
	}
	add_parts(r, &r->rule);
	return r;
}

static void
release_place(struct place *p)
{
	size_t i;

	for (i = 0; i < p->targets; i++)
		if (p->target[i].place != NULL) {
			release_place(p->target[i].place);
			free(p->target[i].place);
		}
	json_keys_release(&p->names);
	free(p->target);
}

void
rec_free(struct rec *r)
{
	size_t i;

	if (r == NULL)
		return;
	for (i = 0; i < r->tables; i++)
		free(r->known[i].slot);
	free(r->known);
	free(r->raw);
	release_place(&r->root);
	release_place(&r->rule);
	free(r->texts);
	free(r->pair);
	free(r->verdict);
	free(r);
}

/* The target this name spells in that object, or NULL. */
static const struct target *
target_of(const struct place *p, const struct slice *name, bool plain)
{
	const struct target *t = p->target, *end = end_of(p);

	if (plain && (name->n == 0 || (p->marks & mark_of(name->p, name->n)) == 0))
		return NULL;
	for (; t < end; t++)
		if (plain ? t->n == name->n && memcmp(t->name, name->p, t->n) == 0
		          : slice_spells(name, t->name, t->n))
			return t;
	return NULL;
}

/* The first rule of records that the line breaks is the one that is told. */
static bool
is_first_fault(struct rec *r)
{
	bool first = !r->breaks_rule;

	r->breaks_rule = true;
	return first;
}

static int
shown(const struct slice *name)
{
	return (int)(name->n < 60 ? name->n : 60);
}

/* A member of cws whose value comes next. */
static void
begin_pair(struct rec *r, const struct slice *name)
{
	struct pair *p;

	if (r->pairs == r->room) {
		r->room = r->room ? 2 * r->room : 16;
		r->pair = xrealloc(r->pair, r->room, sizeof(*r->pair));
	}
	p = &r->pair[r->pairs++];
	memset(p, 0, sizeof(*p));
	p->name = *name;
}

/* Remember where cws and the end of the line's members are. */
static void
note_cut(struct rec *r, const struct slice *name, const struct slice *value, bool is_cws)
{
	r->empty = false;
	r->last_end = value->p + value->n;
	if (is_cws) {
		r->cws_name = name->p - 1;
	} else if (r->cws_name != NULL && r->after_cws == NULL) {
		r->after_cws = name->p - 1;
	}
}

/* What was asked for in this place cannot be there. */
static void
note_misfit(struct rec *r, const struct place *p, size_t n)
{
	const struct target *t;

	for (t = p->target; t < end_of(p); t++) {
		if (t->slot != NO_SLOT)
			r->raw[t->slot] = (struct slice){ rec_misfit, n };
		if (t->place != NULL)
			note_misfit(r, t->place, n);
	}
}

/*
 * The value of a member that is asked for; of two in an object without a rule the last counts, as
 * in jq.
 */
static void
note(struct rec *r, const struct target *t, struct slice value)
{
	struct pair *p;

	if (t->slot != NO_SLOT)
		r->raw[t->slot] = value;
	if (t->part == PARTS)
		return;
	p = &r->pair[r->pairs - 1];
	if (p->part[t->part].p != NULL)
		p->twice |= 1u << t->part;
	p->part[t->part] = value;
}

static bool
walk(struct rec *r, struct json_scan *s, struct place *place);

/*
 * Step over the value that comes next, into it where it is an object to look into.  p is NULL on a
 * fault.
 */
static struct slice
walk_value(struct rec *r, struct json_scan *s, struct place *p)
{
	struct slice value = { NULL, 0 };

	if (p == NULL)
		return json_scan_value(s);
	if (json_scan_peek(s) == '{') {
		const char *from = s->p;

		return walk(r, s, p) ? (struct slice){ from, (size_t)(s->p - from) } : value;
	}
	value = json_scan_value(s);
	if (value.p != NULL && value.p[0] != 'n' && p != &r->rule) {
		if (p->required && is_first_fault(r))
			err_set(r->err, CWS_PARTIAL, "'%.*s' is not an object", (int)p->n, p->path);
		note_misfit(r, p, p->n);
	}
	return value;
}

/* Step over one object, noting the members that count there.  False on a fault. */
static bool
walk(struct rec *r, struct json_scan *s, struct place *place)
{
	struct slice name, value;

	if (!json_scan_enter(s, '{'))
		return false;
	if (place == &r->root)
		r->last_end = s->p;
	if (place->unique)
		json_keys_begin(&place->names);
	while (json_scan_member(s, &name)) {
		const struct target *t = target_of(place, &name, s->plain);
		struct place        *p = t != NULL ? t->place : NULL;

		if (place->unique && !json_keys_add(&place->names, &name, s->plain) &&
		        is_first_fault(r))
			err_set(r->err, CWS_PARTIAL, "two members named '%.*s'", shown(&name),
			        name.p);
		if (place == r->cws) {
			begin_pair(r, &name);
			p = p != NULL ? p : &r->rule;
		}
		value = walk_value(r, s, p);
		if (value.p == NULL)
			return false;
		if (t != NULL)
			note(r, t, value);
		if (place == &r->root)
			note_cut(r, &name, &value, p == r->cws);
		else if (place == r->cws)
			r->pair[r->pairs - 1].value = value;
	}
	return s->fault == NULL;
}

/* Go through the line.  False, with err, when it is no whole object. */
static bool
find_members(struct rec *r, struct err *err)
{
	struct json_scan s;
	int              i;

	r->err = err;
	r->breaks_rule = false;
	r->pairs = 0;
	r->cws_name = r->after_cws = NULL;
	r->empty = true;
	for (i = 0; i < r->slots; i++)
		r->raw[i] = (struct slice){ NULL, 0 };
	json_scan_open(&s, r->line.p, r->line.n);
	if (walk(r, &s, &r->root) && json_scan_end(&s))
		return true;
	err_set(err, CWS_PARTIAL, "not one whole JSON object: %s at byte %zu", s.fault,
	        (size_t)(s.p - r->line.p) + 1);
	return false;
}

int
rec_parse(struct rec *r, const char *line, size_t n, struct err *err)
{
	r->line = (struct slice){ line, n };
	if (r->text_room < n) {
		free(r->texts);
		r->text_room = 2 * n;
		r->texts = xcalloc(r->text_room, 1);
	}
	err->text[0] = '\0';
	if (!find_members(r, err))
		return REC_BROKEN;
	return r->breaks_rule || rec_check_cws(r, err) != 0 ? REC_BAD : REC_OK;
}

const int *
rec_slots(struct rec *r, const struct fact_table *table)
{
	struct known_table *k;
	struct err          err;
	size_t              i;

	for (i = 0; i < r->tables; i++)
		if (r->known[i].table == table)
			return r->known[i].slot;
	r->known = xrealloc(r->known, r->tables + 1, sizeof(*r->known));
	k = &r->known[r->tables++];
	k->table = table;
	k->slot = xcalloc(table->n, sizeof(*k->slot));
	for (i = 0; i < table->n; i++)
		k->slot[i] = add_member(r, table->fact[i].path);
	if (r->line.p != NULL)
		find_members(r, &err);
	return k->slot;
}

void
rec_want_verdicts(struct rec *r)
{
	struct target *t;
	struct err     err;

	if (r->parts == PARTS)
		return;
	r->parts = PARTS;
	add_parts(r, &r->rule);
	for (t = r->cws->target; t < end_of(r->cws); t++)
		if (t->place != NULL)
			add_parts(r, t->place);
	find_members(r, &err);
}

bool
rec_cws_member(const struct rec *r, size_t i, struct slice *name, struct slice *value)
{
	if (i >= r->pairs)
		return false;
	*name = r->pair[i].name;
	*value = r->pair[i].value;
	return true;
}

static void
put_span(struct buf *out, const char *from, const char *to)
{
	buf_put(out, from, (size_t)(to - from));
}

/* "cws":{...} with this stage's member replaced where it stands, or added behind the others. */
static void
put_cws(const struct rec *r, const char *stage, const struct buf *value, struct buf *out)
{
	bool   done = false;
	size_t i;

	buf_put(out, "\"cws\":{", 7);
	for (i = 0; i < r->pairs; i++) {
		const struct pair *p = &r->pair[i];

		if (slice_is(&p->name, stage)) {
			json_write_raw(out, stage, value->p, value->n);
			done = true;
		} else {
			if (i != 0)
				buf_putc(out, ',');
			put_span(out, p->name.p - 1, p->value.p + p->value.n);
		}
	}
	if (!done)
		json_write_raw(out, stage, value->p, value->n);
	buf_putc(out, '}');
}

void
rec_splice(const struct rec *r, const char *stage, const struct buf *value, struct buf *out)
{
	const char *start = r->line.p, *end = r->line.p + r->line.n;

	if (r->cws_name == NULL) {
		put_span(out, start, r->last_end);
		if (!r->empty)
			buf_putc(out, ',');
		put_cws(r, stage, value, out);
		put_span(out, r->last_end, end);
	} else if (r->after_cws == NULL) {
		put_span(out, start, r->cws_name);
		put_cws(r, stage, value, out);
		put_span(out, r->last_end, end);
	} else {
		put_span(out, start, r->cws_name);
		put_span(out, r->after_cws, r->last_end);
		buf_putc(out, ',');
		put_cws(r, stage, value, out);
		put_span(out, r->last_end, end);
	}
}
