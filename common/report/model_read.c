/* model_read.c - one record into a row, and into the sums of the past. */

#include "report/model_read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/idset.h"
#include "base/rfc3339.h"
#include "base/xalloc.h"
#include "judge/stop.h"
#include "record/facts.h"

/* A number of JSON, and whether it was there. */
struct number {
	bool   known;
	double v;
};

enum kind { K_TEXT, K_WHEN, K_NUMBER, K_RAW };

/* A member of an object under cws, and where its value goes. */
struct field {
	const char *name;
	enum kind   kind;
	size_t      at;
};

#define FIELDS(f) (f), sizeof(f) / sizeof((f)[0])

struct reading {
	struct model_store *store;
	struct rec         *rec;
	struct err         *err;
	struct model_row    row;
	struct model_more   more;
	/* the objects that are added once all else is known to be good */
	struct slice        past[4];
	struct when         listed;
	const char         *version, *url;
};

enum { PAST_AUTOSTOP, PAST_WHATIF, PAST_SAVINGS, PAST_USAGE };

static const char *
keep_text(struct reading *r, const char *text)
{
	return text == NULL ? "" : words_keep(&r->store->words, text, strlen(text), MODEL_TEXT_MAX);
}

static bool
is_null(struct slice v)
{
	return v.p == NULL || v.p[0] == 'n';
}

static bool
number_of(struct slice v, struct number *out)
{
	char   digits[64];
	char  *end;
	size_t n = v.n < sizeof(digits) ? v.n : sizeof(digits) - 1;

	if (v.p[0] != '-' && (v.p[0] < '0' || v.p[0] > '9'))
		return false;
	memcpy(digits, v.p, n);
	digits[n] = '\0';
	out->v = strtod(digits, &end);
	out->known = end != digits && out->v > -1e300 && out->v < 1e300;
	return out->known;
}

static int64_t
whole(struct number n)
{
	return !n.known       ? 0
	       : n.v >= 9e15  ? INT64_C(9000000000000000)
	       : n.v <= -9e15 ? INT64_C(-9000000000000000)
	                      : (int64_t)n.v;
}

/* A number of seconds in microseconds, as far as they go. */
static int64_t
us_of_s(struct number n)
{
	const int64_t most = INT64_MAX / US_PER_S;
	int64_t       s = whole(n);

	return (s > most ? most : s < -most ? -most : s) * US_PER_S;
}

static bool
when_of(struct slice v, struct when *out)
{
	if (v.p[0] != '"' || !rfc3339_parse(v.p + 1, v.n - 2, &out->us))
		return false;
	out->known = out->us >= 0;
	if (!out->known)
		out->us = 0;
	return true;
}

/* A value where the field wants it; false when it is of another type. */
static bool
take_value(struct words *w, const struct field *f, struct slice v, void *out)
{
	char *to = (char *)out + f->at;

	if (f->kind == K_RAW) {
		memcpy(to, &v, sizeof(v));
		return true;
	}
	if (is_null(v))
		return true;
	if (f->kind == K_WHEN)
		return when_of(v, (struct when *)(void *)to);
	if (f->kind == K_NUMBER)
		return number_of(v, (struct number *)(void *)to);
	if (v.p[0] != '"')
		return false;
	*(const char **)(void *)to = words_json(w, v, MODEL_TEXT_MAX);
	return true;
}

/*
 * The fields of a validated value into *out, which is zeroed: absent and null leave it so.  False
 * names the *wrong one.
 */
static bool
read_object(struct words *w, struct slice value, const struct field *f, size_t n, void *out,
        const char **wrong)
{
	struct json_scan s;
	struct slice     name, v;
	size_t           i;

	*wrong = NULL;
	if (is_null(value))
		return true;
	json_scan_open(&s, value.p, value.n);
	if (!json_scan_enter(&s, '{'))
		return false;
	while (json_scan_member(&s, &name)) {
		v = json_scan_value(&s);
		for (i = 0; i < n && !slice_is(&name, f[i].name); i++)
			continue;
		if (i < n && !take_value(w, &f[i], v, out)) {
			*wrong = f[i].name;
			return false;
		}
	}
	return true;
}

/* The same of .cws.MEMBER, with err. */
static int
read_member(struct reading *r, const char *member, struct slice value, const struct field *f,
        size_t n, void *out)
{
	const char *wrong;

	if (read_object(&r->store->words, value, f, n, out, &wrong))
		return 0;
	if (wrong == NULL)
		return err_set(r->err, CWS_PARTIAL, "'.cws.%s' is not an object", member);
	return err_set(r->err, CWS_PARTIAL, "'.cws.%s.%s' is of another type than cws(7) says",
	        member, wrong);
}

/* Scheme, host and port as they may stand in a link; NULL for anything else. */
static const char *
origin_of(const char *url)
{
	const char *p = url == NULL                        ? NULL
	                : strncmp(url, "https://", 8) == 0 ? url + 8
	                : strncmp(url, "http://", 7) == 0  ? url + 7
	                                                   : NULL;

	if (p == NULL || *p == '\0' ||
	        p[strspn(p,
	                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]")] !=
	                '\0')
		return NULL;
	return url;
}

struct ttl {
	struct when   at, deadline, started_at;
	struct number in_s;
	const char   *basis;
};

/* The instants behind the states of cws-ttl, which the verdict itself does not have. */
static int
read_ttl(struct reading *r, struct slice value)
{
	static const struct field fields[] = {
		{ "at", K_WHEN, offsetof(struct ttl, at) },
		{ "deadline", K_WHEN, offsetof(struct ttl, deadline) },
		{ "started_at", K_WHEN, offsetof(struct ttl, started_at) },
		{ "in_s", K_NUMBER, offsetof(struct ttl, in_s) },
		{ "basis", K_TEXT, offsetof(struct ttl, basis) },
	};
	struct ttl t = { 0 };

	if (read_member(r, "ttl", value, FIELDS(fields), &t) != 0)
		return -1;
	/*
	 * The same to the second on the verdict; the server's own has its fraction, by which the
	 * sentence was made.
	 */
	if (!r->more.deadline.known || floor_s(r->more.deadline.us) != floor_s(t.deadline.us))
		r->more.deadline = t.deadline;
	r->more.started = t.started_at;
	if (t.at.known && t.in_s.known)
		r->more.overrun = when_at(add_sat(t.at.us, us_of_s(t.in_s)));
	return 0;
}

struct act {
	const char   *result, *rule, *why, *error, *run;
	struct when   at;
	struct number took_ms;
};

static int
read_act(struct reading *r, enum model_program p, struct slice value)
{
	static const struct field fields[] = {
		{ "result", K_TEXT, offsetof(struct act, result) },
		{ "rule", K_TEXT, offsetof(struct act, rule) },
		{ "why", K_TEXT, offsetof(struct act, why) },
		{ "error", K_TEXT, offsetof(struct act, error) },
		{ "run", K_TEXT, offsetof(struct act, run) },
		{ "at", K_WHEN, offsetof(struct act, at) },
		{ "took_ms", K_NUMBER, offsetof(struct act, took_ms) },
	};
	struct act        a = { 0 };
	struct model_act *kept;

	if (read_member(r, model_program_names[p], value, FIELDS(fields), &a) != 0)
		return -1;
	if (a.result == NULL)
		return 0;
	kept = words_space(&r->store->words, sizeof(*kept));
	*kept = (struct model_act){ a.result, a.rule, a.why != NULL ? a.why : "", a.error, a.run,
		a.at, whole(a.took_ms) };
	r->row.act[p] = kept;
	return 0;
}

static int
read_plan(struct reading *r, struct slice value)
{
	static const struct field fields[] = {
		{ "state", K_TEXT, offsetof(struct model_plan, state) },
		{ "by", K_TEXT, offsetof(struct model_plan, by) },
		{ "why", K_TEXT, offsetof(struct model_plan, why) },
		{ "at", K_WHEN, offsetof(struct model_plan, at) },
		{ "stop_at", K_WHEN, offsetof(struct model_plan, stop_at) },
		{ "restarts_at", K_WHEN, offsetof(struct model_plan, restarts_at) },
	};

	if (read_member(r, "autostop", value, FIELDS(fields), &r->row.plan) != 0)
		return -1;
	if (r->row.plan.why == NULL)
		r->row.plan.why = "";
	return 0;
}

/* One member of cws; those that nobody here knows are none of our business. */
static int
read_cws(struct reading *r, struct slice name, struct slice value)
{
	static const char *const past[] = { "autostop", "whatif", "savings", "usage" };
	size_t                   i;

	if (is_null(value))
		return 0;
	for (i = 0; i < sizeof(past) / sizeof(past[0]); i++)
		if (slice_is(&name, past[i]))
			r->past[i] = value;
	for (i = 0; i < MODEL_PROGRAMS; i++)
		if (slice_is(&name, model_program_names[i]))
			return read_act(r, (enum model_program)i, value);
	if (slice_is(&name, "ttl"))
		return read_ttl(r, value);
	return slice_is(&name, "autostop") ? read_plan(r, value) : 0;
}

/* -- The lists of the past: an element that is not as cws(7) says is passed over. */

/* Each element of a validated list; false at its end. */
static bool
next_element(struct json_scan *s, struct slice list, bool *begun, struct slice *element)
{
	if (!*begun) {
		*begun = true;
		if (is_null(list) || list.p[0] != '[')
			return false;
		json_scan_open(s, list.p, list.n);
		json_scan_enter(s, '[');
	}
	if (!json_scan_element(s))
		return false;
	*element = json_scan_value(s);
	return true;
}

struct conflict {
	const char *code, *why;
};

static void
add_conflicts(struct reading *r)
{
	static const struct field plan[] = { { "conflicts", K_RAW, 0 } };
	static const struct field fields[] = {
		{ "code", K_TEXT, offsetof(struct conflict, code) },
		{ "why", K_TEXT, offsetof(struct conflict, why) },
	};
	struct model_store *st = r->store;
	struct slice        list = { 0 }, element;
	struct json_scan    s;
	struct conflict     c;
	const char         *wrong;
	bool                begun = false;
	size_t              i;

	read_object(&st->words, r->past[PAST_AUTOSTOP], FIELDS(plan), &list, &wrong);
	while (next_element(&s, list, &begun, &element)) {
		c = (struct conflict){ 0 };
		if (!read_object(&st->words, element, FIELDS(fields), &c, &wrong) || c.code == NULL)
			continue;
		for (i = 0; i < st->conflicts && st->conflict[i].code != c.code; i++)
			continue;
		if (i == st->conflicts) {
			st->conflict =
			        xrealloc(st->conflict, ++st->conflicts, sizeof(*st->conflict));
			st->conflict[i] = (struct model_conflict){ c.code,
				c.why != NULL ? c.why : "", st->rows - 1, 0 };
		}
		st->conflict[i].n++;
	}
}

struct whatif {
	struct when   since, until;
	struct number ran_s;
	struct slice  policies;
};

struct tried {
	const char   *policy;
	struct number saved_s, stops, returns, regrets, cut, saved_cost;
};

static void
widen(struct when *since, struct when *until, struct when from, struct when to)
{
	if (from.known && (!since->known || from.us < since->us))
		*since = from;
	if (to.known && (!until->known || to.us > until->us))
		*until = to;
}

static void
add_policies(struct reading *r, struct slice list)
{
	static const struct field fields[] = {
		{ "policy", K_TEXT, offsetof(struct tried, policy) },
		{ "saved_s", K_NUMBER, offsetof(struct tried, saved_s) },
		{ "stops", K_NUMBER, offsetof(struct tried, stops) },
		{ "returns", K_NUMBER, offsetof(struct tried, returns) },
		{ "regrets", K_NUMBER, offsetof(struct tried, regrets) },
		{ "cut", K_NUMBER, offsetof(struct tried, cut) },
		{ "saved_cost", K_NUMBER, offsetof(struct tried, saved_cost) },
	};
	struct json_scan s;
	struct slice     element;
	struct tried     t;
	const char      *wrong;
	bool             begun = false;

	while (next_element(&s, list, &begun, &element)) {
		t = (struct tried){ 0 };
		if (!read_object(&r->store->words, element, FIELDS(fields), &t, &wrong) ||
		        t.policy == NULL)
			continue;
		model_add_policy(
		        r->store, &(struct model_tried){ t.policy, whole(t.saved_s), whole(t.stops),
		                          whole(t.returns), whole(t.regrets), whole(t.cut),
		                          t.saved_cost.known, t.saved_cost.v });
	}
}

static void
add_whatif(struct reading *r)
{
	static const struct field fields[] = {
		{ "since", K_WHEN, offsetof(struct whatif, since) },
		{ "until", K_WHEN, offsetof(struct whatif, until) },
		{ "ran_s", K_NUMBER, offsetof(struct whatif, ran_s) },
		{ "policies", K_RAW, offsetof(struct whatif, policies) },
	};
	struct model_past *past = &r->store->model.past;
	struct model_more *more = &r->store->more[r->store->rows - 1];
	struct whatif      w = { 0 };
	const char        *wrong;

	if (!read_object(&r->store->words, r->past[PAST_WHATIF], FIELDS(fields), &w, &wrong))
		return;
	widen(&past->since, &past->until, w.since, w.until);
	past->ran_s = add_sat(past->ran_s, whole(w.ran_s));
	more->ran_known = w.ran_s.known;
	more->ran_s = w.ran_s.v;
	if (is_null(w.policies)) {
		past->unjudged++;
		return;
	}
	past->whatif++;
	add_policies(r, w.policies);
}

struct savings {
	struct number stops, low_s, high_s, cost_low, cost_high;
	const char   *ended_by;
	struct slice  regret, price;
};

/* A price is a number an hour, or an object that says of which currency. */
static const char *
read_price(struct reading *r, struct slice value, struct number *price)
{
	struct priced {
		struct number per_hour;
		const char   *currency;
	} p = { 0 };
	static const struct field fields[] = {
		{ "per_hour", K_NUMBER, offsetof(struct priced, per_hour) },
		{ "currency", K_TEXT, offsetof(struct priced, currency) },
	};
	const char *wrong;

	if (!is_null(value) && value.p[0] == '{') {
		if (read_object(&r->store->words, value, FIELDS(fields), &p, &wrong))
			*price = p.per_hour;
	} else if (!is_null(value)) {
		number_of(value, price);
	}
	return p.currency;
}

static void
add_savings(struct reading *r)
{
	static const struct field fields[] = {
		{ "stops", K_NUMBER, offsetof(struct savings, stops) },
		{ "low_s", K_NUMBER, offsetof(struct savings, low_s) },
		{ "high_s", K_NUMBER, offsetof(struct savings, high_s) },
		{ "cost_low", K_NUMBER, offsetof(struct savings, cost_low) },
		{ "cost_high", K_NUMBER, offsetof(struct savings, cost_high) },
		{ "ended_by", K_TEXT, offsetof(struct savings, ended_by) },
		{ "regret", K_RAW, offsetof(struct savings, regret) },
		{ "price", K_RAW, offsetof(struct savings, price) },
	};
	struct model_savings *sum = &r->store->model.past.savings;
	struct savings        v = { 0 };
	struct number         price = { 0 }, regrets = { 0 };
	const char           *wrong, *currency;

	if (!read_object(&r->store->words, r->past[PAST_SAVINGS], FIELDS(fields), &v, &wrong))
		return;
	currency = read_price(r, v.price, &price);
	if (price.known)
		r->store->more[r->store->rows - 1].price = price.v;
	if (!is_null(v.regret) && !number_of(v.regret, &regrets))
		regrets.v = v.regret.p[0] == 't' ? 1 : 0;
	sum->currency = sum->records == 0 || sum->currency == currency ? currency : NULL;
	sum->records++;
	sum->stops += (uint64_t)(v.stops.v > 0 ? whole(v.stops) : 0);
	sum->regrets += (uint64_t)(regrets.v > 0 ? regrets.v : 0);
	sum->unbounded += !v.low_s.known;
	sum->low_s = add_sat(sum->low_s, whole(v.low_s));
	sum->high_s = add_sat(sum->high_s, whole(v.high_s));
	sum->has_cost = sum->has_cost || v.cost_high.known;
	sum->cost_low += v.cost_low.v;
	sum->cost_high += v.cost_high.v;
	if (v.ended_by != NULL)
		model_count(&sum->ended_by, v.ended_by, 1);
}

struct usage {
	struct when  since, until;
	struct slice used;
};

/* [from, to] as two instants. */
static bool
interval_of(struct slice pair, struct when *from, struct when *to)
{
	struct json_scan s;
	struct slice     element;
	bool             begun = false;

	return next_element(&s, pair, &begun, &element) && when_of(element, from) && from->known &&
	       next_element(&s, pair, &begun, &element) && when_of(element, to) && to->known &&
	       !next_element(&s, pair, &begun, &element);
}

static void
add_usage(struct reading *r)
{
	static const struct field fields[] = {
		{ "since", K_WHEN, offsetof(struct usage, since) },
		{ "until", K_WHEN, offsetof(struct usage, until) },
		{ "used", K_RAW, offsetof(struct usage, used) },
	};
	struct model_past *past = &r->store->model.past;
	struct usage       u = { 0 };
	struct json_scan   s;
	struct slice       pair;
	struct when        from, to;
	const char        *wrong;
	bool               begun = false;

	if (!read_object(&r->store->words, r->past[PAST_USAGE], FIELDS(fields), &u, &wrong))
		return;
	past->used++;
	widen(&past->used_since, &past->used_until, u.since, u.until);
	while (next_element(&s, u.used, &begun, &pair))
		if (interval_of(pair, &from, &to))
			model_add_use(r->store, floor_s(from.us), floor_s(to.us));
}

/* -- The record as a whole -------------------------------------------------- */

/* Where and when the record was listed, and whose it is. */
static void
read_fetch(struct reading *r, const struct report_facts *f)
{
	r->listed = f->fetched;
	r->url = f->url != NULL ? keep_text(r, f->url) : NULL;
	r->row.origin = origin_of(r->url);
	r->version = f->version != NULL ? keep_text(r, f->version) : NULL;
	r->more.owner_status = f->owner_status != NULL ? keep_text(r, f->owner_status) : NULL;
	r->more.last_seen = f->owner_seen;
}

static int
read_workspace(struct reading *r)
{
	struct model_row   *row = &r->row;
	struct report_facts f;
	struct uuid         id;

	if (facts_report(r->rec, &f, r->err) != 0)
		return -1;
	row->id = keep_text(r, f.id);
	row->is_uuid = uuid_parse(row->id, strlen(row->id), &id);
	row->name = keep_text(r, f.name);
	row->owner = keep_text(r, f.owner);
	row->template_name = keep_text(r, f.template_name);
	row->org = keep_text(r, f.org);
	row->status = keep_text(r, f.status);
	row->last_used = f.last_used;
	r->more.deadline = f.deadline;
	row->running = f.life == LIFE_RUNNING;
	r->more.changing = f.life == LIFE_CHANGING;
	row->stuck = f.life == LIFE_STUCK;
	row->stopped = f.life == LIFE_STOPPED;
	r->more.start_failed =
	        (strcmp(row->status, "failed") == 0 || strcmp(row->status, "canceled") == 0) &&
	        f.transition != NULL && strcmp(f.transition, "start") == 0;
	r->more.failed = f.completed.known ? f.completed : f.created;
	read_fetch(r, &f);
	return 0;
}

static bool
is_program(const char *name)
{
	size_t i;

	for (i = 0; i < MODEL_PROGRAMS; i++)
		if (strcmp(name, model_program_names[i]) == 0)
			return true;
	return false;
}

/* A plan's veto (.cws.stop.keep) counts, but what a run did is no rule. */
static int
read_verdicts(struct reading *r)
{
	const struct verdict_seen *seen;
	struct model_verdict      *v;
	bool                       due = false;
	size_t                     i, n;

	if (rec_verdicts(r->rec, &seen, &n, r->err) != 0)
		return -1;
	v = words_space(&r->store->words, n * sizeof(*v));
	r->row.verdict = v;
	for (i = 0; i < n; i++) {
		r->row.keep = r->row.keep || seen[i].keep;
		due = due || stop_counts(&seen[i]);
		if (is_program(seen[i].name))
			continue;
		v[r->row.verdicts++] = (struct model_verdict){ keep_text(r, seen[i].name),
			keep_text(r, seen[i].state), keep_text(r, seen[i].why), seen[i].due,
			seen[i].keep, seen[i].at, seen[i].stop_at };
	}
	r->row.due = due && !r->row.keep;
	return 0;
}

static void
add_row(struct reading *r)
{
	struct model_store *st = r->store;

	if (st->rows == st->room) {
		st->room = st->room ? 2 * st->room : 256;
		st->row = xrealloc(st->row, st->room, sizeof(*st->row));
		st->more = xrealloc(st->more, st->room, sizeof(*st->more));
	}
	st->row[st->rows] = r->row;
	st->more[st->rows++] = r->more;
}

static void
add_head(struct reading *r)
{
	struct model_store *st = r->store;
	struct model_head  *h = &st->model.head;
	size_t              i;

	if (r->listed.known && (!h->listed.known || r->listed.us < h->listed.us))
		h->listed = r->listed;
	if (r->version != NULL && h->version == NULL)
		h->version = r->version;
	if (r->url == NULL)
		return;
	for (i = 0; i < st->servers && st->server[i] != r->url; i++)
		continue;
	if (i == st->servers) {
		st->server = xrealloc(st->server, ++st->servers, sizeof(*st->server));
		st->server[i] = r->url;
	}
}

int
model_read(struct model_store *store, struct rec *rec, struct err *err)
{
	struct reading r = { .store = store,
		.rec = rec,
		.err = err,
		.row = { .list = LIST_NONE },
		.more = { .price = -1 } };
	struct slice   name, value;
	size_t         i;

	if (read_workspace(&r) != 0 || read_verdicts(&r) != 0)
		return -1;
	for (i = 0; rec_cws_member(rec, i, &name, &value); i++)
		if (read_cws(&r, name, value) != 0)
			return -1;
	r.row.at = r.listed;
	add_row(&r);
	add_head(&r);
	if (!is_null(r.past[PAST_AUTOSTOP]))
		add_conflicts(&r);
	if (!is_null(r.past[PAST_WHATIF]))
		add_whatif(&r);
	if (!is_null(r.past[PAST_SAVINGS]))
		add_savings(&r);
	if (!is_null(r.past[PAST_USAGE]))
		add_usage(&r);
	return 0;
}
