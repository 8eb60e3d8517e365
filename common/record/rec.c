/* rec.c - one strict scan finds the members, cJSON parses those that are not simple, the rest stays bytes. */

#include "record/rec_priv.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_write.h"
#include "base/rfc3339.h"
#include "base/xalloc.h"

#define EXACT_MAX 9007199254740991.0 /* 2^53 - 1: cJSON keeps numbers as doubles */

/* Where the members of rec.h are. */
static const struct member {
	enum place  place;
	const char *name, *path;
} members[REC_MEMBERS] = {
	[REC_ID] = { IN_RECORD, "id", ".id" },
	[REC_NAME] = { IN_RECORD, "name", ".name" },
	[REC_OWNER_ID] = { IN_RECORD, "owner_id", ".owner_id" },
	[REC_OWNER_NAME] = { IN_RECORD, "owner_name", ".owner_name" },
	[REC_ORGANIZATION_ID] = { IN_RECORD, "organization_id", ".organization_id" },
	[REC_ORGANIZATION_NAME] = { IN_RECORD, "organization_name", ".organization_name" },
	[REC_TEMPLATE_ID] = { IN_RECORD, "template_id", ".template_id" },
	[REC_TEMPLATE_NAME] = { IN_RECORD, "template_name", ".template_name" },
	[REC_TTL_MS] = { IN_RECORD, "ttl_ms", ".ttl_ms" },
	[REC_IS_PREBUILD] = { IN_RECORD, "is_prebuild", ".is_prebuild" },
	[REC_LAST_USED_AT] = { IN_RECORD, "last_used_at", ".last_used_at" },
	[REC_DORMANT_AT] = { IN_RECORD, "dormant_at", ".dormant_at" },
	[REC_APP_STATUS_STATE] = { IN_APP_STATUS, "state", ".latest_app_status.state" },
	[REC_SHARED_WITH] = { IN_RECORD, "shared_with", ".shared_with" },
	[REC_AUTOSTART_SCHEDULE] = { IN_RECORD, "autostart_schedule", ".autostart_schedule" },
	[REC_NEXT_START_AT] = { IN_RECORD, "next_start_at", ".next_start_at" },
	[REC_DELETING_AT] = { IN_RECORD, "deleting_at", ".deleting_at" },
	[REC_AUTOMATIC_UPDATES] = { IN_RECORD, "automatic_updates", ".automatic_updates" },
	[REC_OUTDATED] = { IN_RECORD, "outdated", ".outdated" },
	[REC_BUILD_ID] = { IN_BUILD, "id", ".latest_build.id" },
	[REC_BUILD_NUMBER] = { IN_BUILD, "build_number", ".latest_build.build_number" },
	[REC_BUILD_CREATED_AT] = { IN_BUILD, "created_at", ".latest_build.created_at" },
	[REC_BUILD_TRANSITION] = { IN_BUILD, "transition", ".latest_build.transition" },
	[REC_BUILD_STATUS] = { IN_BUILD, "status", ".latest_build.status" },
	[REC_BUILD_DEADLINE] = { IN_BUILD, "deadline", ".latest_build.deadline" },
	[REC_BUILD_MAX_DEADLINE] = { IN_BUILD, "max_deadline", ".latest_build.max_deadline" },
	[REC_BUILD_INITIATOR_ID] = { IN_BUILD, "initiator_id", ".latest_build.initiator_id" },
	[REC_BUILD_REASON] = { IN_BUILD, "reason", ".latest_build.reason" },
	[REC_JOB_STATUS] = { IN_JOB, "status", ".latest_build.job.status" },
	[REC_JOB_COMPLETED_AT] = { IN_JOB, "completed_at", ".latest_build.job.completed_at" },
	[REC_JOB_CANCELED_AT] = { IN_JOB, "canceled_at", ".latest_build.job.canceled_at" },
	[REC_JOB_ERROR] = { IN_JOB, "error", ".latest_build.job.error" },
	[REC_FETCH_AT] = { IN_FETCH, "at", ".cws.fetch.at" },
	[REC_FETCH_URL] = { IN_FETCH, "url", ".cws.fetch.url" },
	[REC_OWNER_GROUPS] = { IN_OWNER, "groups", ".cws.fetch.owner.groups" },
	[REC_OWNER_SCHEDULE] = { IN_QUIET_HOURS, "raw_schedule", ".cws.fetch.owner.quiet_hours.raw_schedule" },
	[REC_OWNER_SET] = { IN_QUIET_HOURS, "user_set", ".cws.fetch.owner.quiet_hours.user_set" },
	[REC_FETCH_SCHEDULING] = { IN_FETCH, "scheduling", ".cws.fetch.scheduling" },
	[REC_FETCH_VERSION] = { IN_SERVER, "version", ".cws.fetch.server.version" },
	[REC_FETCH_PROVISIONERS_LIVE] = { IN_SERVER, "provisioners_live",
	        ".cws.fetch.server.provisioners_live" },
	[REC_FETCH_DEFAULT_TTL_MS] = { IN_TEMPLATE, "default_ttl_ms", ".cws.fetch.template.default_ttl_ms" },
	[REC_FETCH_FAILURE_TTL_MS] = { IN_TEMPLATE, "failure_ttl_ms", ".cws.fetch.template.failure_ttl_ms" },
	[REC_FETCH_TIME_TIL_DORMANT_MS] = { IN_TEMPLATE, "time_til_dormant_ms",
	        ".cws.fetch.template.time_til_dormant_ms" },
	[REC_FETCH_ALLOW_USER_AUTOSTART] = { IN_TEMPLATE, "allow_user_autostart",
	        ".cws.fetch.template.allow_user_autostart" },
	[REC_FETCH_AUTOSTART_DAYS] = { IN_AUTOSTART, "days_of_week",
	        ".cws.fetch.template.autostart_requirement.days_of_week" },
	[REC_FETCH_OWNER_STATUS] = { IN_OWNER, "status", ".cws.fetch.owner.status" },
	[REC_FETCH_ACTIVITY_BUMP_MS] = { IN_TEMPLATE, "activity_bump_ms", ".cws.fetch.template.activity_bump_ms" },
	[REC_STOP_RESULT] = { IN_STOP, "result", ".cws.stop.result" },
	[REC_STOP_RUN] = { IN_STOP, "run", ".cws.stop.run" },
	[REC_STOP_BUILD_ID] = { IN_STOP, "build_id", ".cws.stop.build_id" },
	[REC_STOP_BUILD_NUMBER] = { IN_STOP, "build_number", ".cws.stop.build_number" },
	[REC_STOP_DEADLINE_BEFORE] = { IN_STOP, "deadline_before", ".cws.stop.deadline_before" },
	[REC_STOP_DEADLINE_AFTER] = { IN_STOP, "deadline_after", ".cws.stop.deadline_after" },
	[REC_LINE_INTENT] = { IN_RECORD, "intent", ".intent" },
	[REC_LINE_RUN] = { IN_RECORD, "run", ".run" },
	[REC_LINE_AT] = { IN_RECORD, "at", ".at" },
	[REC_LINE_BUILD_ID] = { IN_RECORD, "build_id", ".build_id" },
	[REC_LINE_BUILD_NUMBER] = { IN_RECORD, "build_number", ".build_number" },
	[REC_LINE_URL] = { IN_RECORD, "url", ".url" },
	[REC_LINE_DEADLINE_BEFORE] = { IN_RECORD, "deadline_before", ".deadline_before" },
	[REC_LINE_DEADLINE_AFTER] = { IN_RECORD, "deadline_after", ".deadline_after" },
	[REC_LINE_OUTCOME] = { IN_RECORD, "outcome", ".outcome" },
};

/* The objects we look into, and where they are. */
static const struct inner {
	enum place  outer, place;
	const char *name;
} inners[INNERS] = {
	{ IN_RECORD, IN_BUILD, "latest_build" }, { IN_RECORD, IN_APP_STATUS, "latest_app_status" },
	{ IN_RECORD, IN_CWS, "cws" },            { IN_BUILD, IN_JOB, "job" },
	{ IN_CWS, IN_FETCH, "fetch" },           { IN_FETCH, IN_SERVER, "server" },
	{ IN_FETCH, IN_TEMPLATE, "template" },   { IN_TEMPLATE, IN_AUTOSTART, "autostart_requirement" },
	{ IN_FETCH, IN_OWNER, "owner" },         { IN_OWNER, IN_QUIET_HOURS, "quiet_hours" },
	{ IN_CWS, IN_STOP, "stop" },
};

/* A bit for a name, so that one look tells most of those that are not ours; no name of ours is empty. */
static uint64_t
mark_of(const char *name, size_t n)
{
	return UINT64_C(1) << (((unsigned char)name[0] + 8 * n) % 64);
}

static void
add_target(struct rec *r, enum place outer, const char *name, int member, enum place place)
{
	struct target *t = &r->target[outer][r->targets[outer]++];

	t->name = name;
	t->n = strlen(name);
	t->member = member;
	t->place = place;
	r->marks[outer] |= mark_of(t->name, t->n);
}

/* .cws.stop, and the objects within .cws.fetch, are entered only for members that somebody wants. */
static bool
entered(uint64_t want, const struct inner *in)
{
	size_t i;

	if (in->outer < IN_FETCH && in->place != IN_STOP)
		return true;
	for (i = 0; i < REC_MEMBERS; i++)
		if ((want & REC_BIT(i)) != 0 && (members[i].place == in->place ||
		        (in->place == IN_TEMPLATE && members[i].place == IN_AUTOSTART) ||
		        (in->place == IN_OWNER && members[i].place == IN_QUIET_HOURS)))
			return true;
	return false;
}

struct rec *
rec_new(uint64_t want)
{
	struct rec *r = xcalloc(1, sizeof(*r));
	size_t      i;

	r->want = want;
	for (i = 0; i < REC_MEMBERS; i++)
		if ((want & REC_BIT(i)) != 0)
			add_target(r, members[i].place, members[i].name, (int)i, members[i].place);
	for (i = 0; i < INNERS; i++)
		if (entered(want, &inners[i]))
			add_target(r, inners[i].outer, inners[i].name, -1, inners[i].place);
	buf_init(&r->projection, 2 * BUF_RECORD_MAX);
	buf_init(&r->texts, 2 * BUF_RECORD_MAX);
	return r;
}

static void
forget(struct rec *r)
{
	cJSON_Delete(r->tree);
	cJSON_Delete(r->cws_tree);
	free(r->verdict);
	r->tree = r->cws_tree = NULL;
	r->verdict = NULL;
	r->verdicts = r->pairs = 0;
	r->cws_name = r->after_cws = NULL;
	r->empty = true;
	memset(r->raw, 0, sizeof(r->raw));
	memset(r->item, 0, sizeof(r->item));
}

void
rec_free(struct rec *r)
{
	size_t i;

	if (r == NULL)
		return;
	forget(r);
	for (i = 0; i < PLACES; i++)
		json_keys_release(&r->names[i]);
	buf_release(&r->projection);
	buf_release(&r->texts);
	free(r->pair);
	free(r);
}

/* The target this name spells in that object, or NULL. */
static const struct target *
target_of(const struct rec *r, enum place place, const struct slice *name, bool plain)
{
	const struct target *t = r->target[place], *end = t + r->targets[place];

	if (plain && (name->n == 0 || (r->marks[place] & mark_of(name->p, name->n)) == 0))
		return NULL;
	for (; t < end; t++)
		if (plain ? t->n == name->n && memcmp(t->name, name->p, t->n) == 0 : slice_is(name, t->name))
			return t;
	return NULL;
}

static void
add_pair(struct rec *r, const struct slice *name, const struct slice *value)
{
	if (r->pairs == r->room) {
		r->room = r->room ? 2 * r->room : 16;
		r->pair = xrealloc(r->pair, r->room, sizeof(*r->pair));
	}
	r->pair[r->pairs].name = *name;
	r->pair[r->pairs++].value = *value;
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

/* Step over one object, noting the members that count there.  False on a fault, with err or s->fault. */
static bool
walk(struct rec *r, struct json_scan *s, enum place place, struct err *err)
{
	bool unique = place == IN_RECORD || place == IN_BUILD || place == IN_CWS;
	struct slice name, value;

	if (!json_scan_enter(s, '{'))
		return false;
	if (place == IN_RECORD)
		r->last_end = s->p;
	json_keys_begin(&r->names[place]);
	while (json_scan_member(s, &name)) {
		const struct target *t = target_of(r, place, &name, s->plain);

		if (unique && !json_keys_add(&r->names[place], &name, s->plain)) {
			err_set(err, CWS_PARTIAL, "two members named '%.*s'", (int)(name.n < 60 ? name.n : 60), name.p);
			return false;
		}
		if (t != NULL && t->member < 0 && json_scan_peek(s) == '{') {
			value.p = s->p;
			if (!walk(r, s, t->place, err))
				return false;
			value.n = (size_t)(s->p - value.p);
		} else {
			value = json_scan_value(s);
			if (value.p == NULL)
				return false;
			if (t != NULL && t->member < 0 && value.p[0] != 'n') {
				err_set(err, CWS_PARTIAL, "'%s' is not an object", t->name);
				return false;
			}
			if (t != NULL && t->member >= 0)
				r->raw[t->member] = value; /* of two in an object without a rule the last counts, as in jq */
		}
		if (place == IN_RECORD)
			note_cut(r, &name, &value, t != NULL && t->place == IN_CWS && t->member < 0);
		else if (place == IN_CWS)
			add_pair(r, &name, &value);
	}
	return s->fault == NULL;
}

/* A number of at most fifteen digits and nothing else: a double holds it exactly. */
static bool
few_digits(struct slice v, double *out)
{
	int64_t n = 0;
	size_t  i;

	for (i = 0; i < v.n && i < 15 && v.p[i] >= '0' && v.p[i] <= '9'; i++)
		n = 10 * n + (v.p[i] - '0');
	*out = (double)n;
	return i == v.n;
}

/*
 * What cJSON would make of a value that says itself, without its allocations; most are
 * of this kind.  text: where a string is put, with its NUL.  False for all others.
 */
static bool
is_simple(cJSON *item, struct slice v, char *text)
{
	switch (v.p[0]) {
	case '"':
		if (memchr(v.p, '\\', v.n) != NULL)
			return false;
		memcpy(text, v.p + 1, v.n - 2);
		text[v.n - 2] = '\0';
		item->type = cJSON_String;
		item->valuestring = text;
		return true;
	case 't':
		item->type = cJSON_True;
		return true;
	case 'f':
		item->type = cJSON_False;
		return true;
	default:
		item->type = cJSON_Number;
		return few_digits(v, &item->valuedouble);
	}
}

cJSON *
rec_tree(const struct buf *text)
{
	cJSON *tree;

	errno = 0;
	tree = cJSON_ParseWithLength(text->p, text->n);
	/* A record must not be called bad, and left out, for want of memory. */
	if (tree == NULL && errno == ENOMEM)
		xalloc_fail();
	return tree;
}

/* The members that cJSON has to parse, as an array: all that it sees of a line. */
static int
parse_projection(struct rec *r, uint64_t odd, struct err *err)
{
	cJSON *item;
	size_t i;

	buf_reset(&r->projection);
	for (i = 0; i < REC_MEMBERS; i++)
		if ((odd & REC_BIT(i)) != 0) {
			buf_putc(&r->projection, r->projection.n == 0 ? '[' : ',');
			buf_put(&r->projection, r->raw[i].p, r->raw[i].n);
		}
	buf_putc(&r->projection, ']');
	r->tree = rec_tree(&r->projection);
	if (r->tree == NULL) {
		err_set(err, CWS_PARTIAL, "cannot parse the record's members");
		return REC_BAD;
	}
	item = r->tree->child;
	for (i = 0; i < REC_MEMBERS; i++)
		if ((odd & REC_BIT(i)) != 0) {
			r->item[i] = item;
			item = item->next;
		}
	return REC_OK;
}

/* Make items of the wanted members; a null is none. */
static int
parse_members(struct rec *r, struct err *err)
{
	uint64_t odd = 0;
	size_t   i, length = 0;
	char    *text;

	for (i = 0; i < REC_MEMBERS; i++)
		length += r->raw[i].n;
	buf_reset(&r->texts);
	text = buf_space(&r->texts, length);
	if (text == NULL) {
		err_set(err, CWS_PARTIAL, "the record's members are too long");
		return REC_BAD;
	}
	for (i = 0; i < REC_MEMBERS; i++) {
		if (r->raw[i].p == NULL || r->raw[i].p[0] == 'n')
			continue;
		if (is_simple(&r->simple[i], r->raw[i], text))
			r->item[i] = &r->simple[i];
		else
			odd |= REC_BIT(i);
		text += r->raw[i].n;
	}
	return odd != 0 ? parse_projection(r, odd, err) : REC_OK;
}

int
rec_parse(struct rec *r, const char *line, size_t n, struct err *err)
{
	struct json_scan s;

	forget(r);
	r->line.p = line;
	r->line.n = n;
	json_scan_open(&s, line, n);
	err->text[0] = '\0';
	if (!walk(r, &s, IN_RECORD, err)) {
		if (s.fault == NULL) {
			/* A rule of ours was broken; is the rest a whole object all the same? */
			json_scan_open(&s, line, n);
			json_scan_value(&s);
			if (json_scan_end(&s))
				return REC_BAD;
		}
	} else if (json_scan_end(&s)) {
		return parse_members(r, err);
	}
	err_set(err, CWS_PARTIAL, "not one whole JSON object: %s at byte %zu", s.fault, (size_t)(s.p - line) + 1);
	return REC_BROKEN;
}

static int
wrong(struct err *err, enum rec_member m, const char *what)
{
	return err_set(err, CWS_PARTIAL, "'%s' is not %s", members[m].path, what);
}

bool
rec_has_nul(struct slice v)
{
	size_t at = 1;
	char   c[4];

	if (memchr(v.p, '\\', v.n) == NULL)
		return false;
	while (at < v.n - 1)
		if (slice_char(&v, &at, c) == 1 && c[0] == '\0')
			return true;
	return false;
}

int
rec_text(const struct rec *r, enum rec_member m, const char **out, struct err *err)
{
	const cJSON *item = r->item[m];

	*out = NULL;
	if (item == NULL || cJSON_IsNull(item))
		return 0;
	if (!cJSON_IsString(item))
		return wrong(err, m, "a string");
	if (rec_has_nul(r->raw[m]))
		return wrong(err, m, "text: it holds a NUL");
	*out = item->valuestring;
	return 0;
}

bool
rec_whole(const cJSON *item, int64_t *out)
{
	if (!cJSON_IsNumber(item) || !(fabs(item->valuedouble) <= EXACT_MAX) ||
	    floor(item->valuedouble) < item->valuedouble)
		return false;
	*out = (int64_t)item->valuedouble;
	return true;
}

int
rec_int(const struct rec *r, enum rec_member m, bool *known, int64_t *out, struct err *err)
{
	const cJSON *item = r->item[m];

	*known = false;
	*out = 0;
	if (item == NULL || cJSON_IsNull(item))
		return 0;
	if (!rec_whole(item, out))
		return wrong(err, m, "a whole number");
	*known = true;
	return 0;
}

int
rec_flag(const struct rec *r, enum rec_member m, bool *out, struct err *err)
{
	const cJSON *item = r->item[m];

	*out = cJSON_IsTrue(item);
	return item == NULL || cJSON_IsNull(item) || cJSON_IsBool(item) ? 0 : wrong(err, m, "true or false");
}

int
rec_instant(const cJSON *item, struct when *out)
{
	*out = when_none();
	if (item == NULL || cJSON_IsNull(item))
		return 0;
	if (!cJSON_IsString(item) || !rfc3339_parse(item->valuestring, strlen(item->valuestring), &out->us))
		return -1;
	out->known = out->us >= 0;
	if (!out->known)
		out->us = 0;
	return 0;
}

int
rec_when(const struct rec *r, enum rec_member m, struct when *out, struct err *err)
{
	if (rec_instant(r->item[m], out) == 0 && !(out->known && rec_has_nul(r->raw[m])))
		return 0;
	*out = when_none();
	return wrong(err, m, "an instant (RFC 3339)");
}

int
rec_word(const struct rec *r, enum rec_member m, size_t i, const char **out, struct err *err)
{
	const cJSON *item = r->item[m];

	*out = NULL;
	if (item == NULL || cJSON_IsNull(item))
		return 0;
	if (!cJSON_IsArray(item) || rec_has_nul(r->raw[m]))
		return wrong(err, m, "a list of words");
	for (item = item->child; item != NULL && i > 0; i--)
		item = item->next;
	if (item == NULL)
		return 0;
	if (!cJSON_IsString(item))
		return wrong(err, m, "a list of words");
	*out = item->valuestring;
	return 0;
}

bool
rec_known(const struct rec *r, enum rec_member m)
{
	return r->raw[m].p != NULL && r->raw[m].p[0] != 'n';
}

const char *
rec_path(enum rec_member m)
{
	return members[m].path;
}

struct slice
rec_raw(const struct rec *r, enum rec_member m)
{
	return r->raw[m];
}

struct slice
rec_line(const struct rec *r)
{
	return r->line;
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

void
rec_put_span(struct buf *out, const char *from, const char *to)
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
			rec_put_span(out, p->name.p - 1, p->value.p + p->value.n);
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
		rec_put_span(out, start, r->last_end);
		if (!r->empty)
			buf_putc(out, ',');
		put_cws(r, stage, value, out);
		rec_put_span(out, r->last_end, end);
	} else if (r->after_cws == NULL) {
		rec_put_span(out, start, r->cws_name);
		put_cws(r, stage, value, out);
		rec_put_span(out, r->last_end, end);
	} else {
		rec_put_span(out, start, r->cws_name);
		rec_put_span(out, r->after_cws, r->last_end);
		buf_putc(out, ',');
		put_cws(r, stage, value, out);
		rec_put_span(out, r->last_end, end);
	}
}
