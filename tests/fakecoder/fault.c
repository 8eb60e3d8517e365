/* fault.c - see fault.h. */

#include "fault.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xalloc.h"

struct fault {
	cJSON  *rule; /* owned */
	int     hits;
	int64_t until_ms; /* of one that lasts, by the monotonic clock; 0: it has not begun */
};

static const char *const act_keys[] = { "status", "headers", "body", "content_type", "coder", "delay_ms", "delay", "cut",
	"reset", "stall", "slow", "redirect", "process", "world", "when", "expire_token", "drop_permission",
	"away_ms", "cert", "key", "raw", "body_file", "pad", "chunked", "query", "outage", "set", "date", "trailers", NULL };
static const char *const rule_keys[] = { "match", "nth", "from", "to", "every", "for", "do", "note", NULL };
static const char *const match_keys[] = { "method", "path", "query", "user", "expect", NULL };

/* A misspelt key would be a fault that never happens, and a test that proves nothing. */
static bool
known_keys(const cJSON *o, const char *const *known, struct buf *why)
{
	const cJSON *e;

	cJSON_ArrayForEach(e, o) {
		const char *const *k = known;

		while (*k != NULL && strcmp(*k, e->string) != 0)
			k++;
		if (*k == NULL) {
			buf_printf(why, "unknown key '%s'", e->string);
			return false;
		}
	}
	return true;
}

static bool
span_or_none(const cJSON *o, const char *k, struct buf *why)
{
	int64_t us;

	if (jx_get(o, k) == NULL || span(jx_text(o, k), &us))
		return true;
	buf_printf(why, "'%s' is no duration", k);
	return false;
}

static bool
is_rule(const cJSON *rule, struct buf *why)
{
	const cJSON *act = jx_get(rule, "do");
	int64_t      outage = jx_number(act, "outage", 401);

	if (!cJSON_IsObject(rule) || !cJSON_IsObject(act)) {
		buf_puts(why, "not an object with a 'do'");
		return false;
	}
	if (outage != 401 && outage != 500) {
		buf_puts(why, "'outage' is neither 401 nor 500");
		return false;
	}
	return known_keys(rule, rule_keys, why) && known_keys(jx_get(rule, "match"), match_keys, why) &&
	    known_keys(act, act_keys, why) && span_or_none(rule, "for", why) && span_or_none(act, "date", why);
}

/* Takes the rule. */
static void
add_rule(struct server *s, cJSON *rule)
{
	s->faults = xrealloc(s->faults, s->n_faults + 1, sizeof(*s->faults));
	s->faults[s->n_faults++] = (struct fault){ rule, 0, 0 };
}

void
faults_load(struct server *s, const char *path)
{
	size_t n;
	char  *text = read_file(path, &n), *save = NULL;
	int    line = 0;
	struct buf why;

	buf_init(&why, 1024);
	for (char *l = strtok_r(text, "\n", &save); l != NULL; l = strtok_r(NULL, "\n", &save)) {
		cJSON *rule;

		line++;
		if (l[0] == '#' || l[strspn(l, " \t")] == '\0')
			continue;
		rule = cJSON_Parse(l);
		if (!is_rule(rule, &why))
			die("%s:%d: %s", path, line, buf_text(&why));
		add_rule(s, rule);
	}
	free(text);
	buf_release(&why);
}

bool
faults_set(struct server *s, const cJSON *list, struct buf *why)
{
	const cJSON *rule;

	if (!cJSON_IsArray(list)) {
		buf_puts(why, "script: not a list of rules");
		return false;
	}
	cJSON_ArrayForEach(rule, list)
		if (!is_rule(rule, why))
			return false;
	faults_free(s);
	cJSON_ArrayForEach(rule, list)
		add_rule(s, cJSON_Duplicate(rule, 1));
	return true;
}

void
faults_rewind(struct server *s)
{
	for (size_t i = 0; i < s->n_faults; i++)
		s->faults[i] = (struct fault){ .rule = s->faults[i].rule };
}

void
faults_free(struct server *s)
{
	for (size_t i = 0; i < s->n_faults; i++)
		cJSON_Delete(s->faults[i].rule);
	free(s->faults);
	s->faults = NULL;
	s->n_faults = 0;
}

static bool
matches(const cJSON *m, const struct req *r)
{
	const char *method = jx_text(m, "method"), *path = jx_text(m, "path"), *query = jx_text(m, "query");
	const char *user = jx_text(m, "user");
	const struct token *t = r->token != NULL ? token_find(r->token) : NULL;

	return (!jx_true(m, "expect") || r->expects) && (method[0] == '\0' || strcmp(method, r->method) == 0) &&
	    (path[0] == '\0' || fnmatch(path, r->path, 0) == 0) && (query[0] == '\0' || strstr(r->query, query) != NULL) &&
	    (user[0] == '\0' || (t != NULL && strcmp(user, t->user) == 0));
}

static bool
named_hit(const cJSON *rule, int hit)
{
	if (jx_get(rule, "nth") != NULL)
		return hit == jx_number(rule, "nth", 1);
	if (jx_get(rule, "from") != NULL || jx_get(rule, "to") != NULL)
		return hit >= jx_number(rule, "from", 1) && hit <= jx_number(rule, "to", INT64_MAX);
	return jx_true(rule, "every") || hit == 1;
}

/* A rule that lasts does so from the hit that it names on, and does not begin again. */
static bool
due(struct fault *f)
{
	int64_t for_us;

	if (f->until_ms != 0)
		return clock_mono_ms() < f->until_ms;
	if (!named_hit(f->rule, f->hits))
		return false;
	if (span(jx_text(f->rule, "for"), &for_us))
		f->until_ms = clock_mono_ms() + for_us / 1000;
	return true;
}

cJSON *
fault_pick(struct server *s, const struct req *r)
{
	const cJSON *act = NULL;

	for (size_t i = 0; i < s->n_faults; i++) {
		struct fault *f = &s->faults[i];

		if (!matches(jx_get(f->rule, "match"), r))
			continue;
		f->hits++;
		if (act == NULL && due(f))
			act = jx_get(f->rule, "do");
	}
	return act != NULL ? cJSON_Duplicate(act, 1) : NULL;
}

/* Does the rule answer by itself? */
static bool
has_answer(const cJSON *act)
{
	return jx_get(act, "status") != NULL || jx_get(act, "redirect") != NULL || jx_get(act, "body") != NULL ||
	    jx_get(act, "body_file") != NULL;
}

bool
fault_handles(const cJSON *act)
{
	const cJSON *process = jx_get(act, "process");

	if (jx_get(act, "outage") != NULL)
		return true;
	if (process != NULL)
		return cJSON_IsTrue(process);
	return !has_answer(act) && jx_get(act, "stall") == NULL && jx_get(act, "raw") == NULL &&
	    strcmp(jx_text(act, "reset"), "before") != 0;
}

void
fault_world(struct server *s, const cJSON *act, bool before, struct req *r)
{
	struct token *t = r->token != NULL ? token_find(r->token) : NULL;
	const cJSON  *change;
	struct buf    why;

	if ((strcmp(jx_text(act, "when"), "after") != 0) != before)
		return;
	buf_init(&why, 1024);
	cJSON_ArrayForEach(change, jx_get(act, "world"))
		if (!world_change(s, change, r, &why))
			die("fault script: %s", buf_text(&why));
	if (jx_true(act, "expire_token") && t != NULL)
		token_expire(t, s->world.now_us);
	if (jx_get(act, "drop_permission") != NULL && t != NULL && !token_drop(t, jx_text(act, "drop_permission")))
		die("fault script: unknown permission '%s'", jx_text(act, "drop_permission"));
	buf_release(&why);
}

static bool
is_json(const cJSON *act)
{
	const char *type = jx_text(act, "content_type"), *body = jx_text(act, "body");

	return type[0] != '\0' ? strncmp(type, "application/json", 16) == 0 : body[0] == '{' || body[0] == '[';
}

bool
fault_from_proxy(const cJSON *act)
{
	const cJSON *coder = jx_get(act, "coder");

	if (!has_answer(act))
		return false;
	return coder != NULL ? !cJSON_IsTrue(coder) : !is_json(act);
}

/* Some members of a reply that is an object, in the place of those it has. */
static void
set_members(const cJSON *members, struct req *r)
{
	cJSON       *o = cJSON_ParseWithLength(buf_text(&r->reply.body), r->reply.body.n);
	const cJSON *e;

	if (cJSON_IsObject(o)) {
		cJSON_ArrayForEach(e, members)
			jx_set(o, e->string, cJSON_Duplicate(e, 1));
		buf_reset(&r->reply.body);
		jx_print(&r->reply.body, o);
		buf_putc(&r->reply.body, '\n');
	}
	cJSON_Delete(o);
}

void
fault_answer(const cJSON *act, struct req *r)
{
	const cJSON *h;
	bool         redirect = jx_get(act, "redirect") != NULL;
	const char  *type = jx_text(act, "content_type"), *body = jx_text(act, "body");
	size_t       n;

	if (has_answer(act)) {
		r->reply.n_headers = 0;
		if (type[0] == '\0' && body[0] != '\0')
			type = is_json(act) ? "application/json; charset=utf-8" : "text/plain; charset=utf-8";
		reply_raw(r, (int)jx_number(act, "status", redirect ? 307 : 200), type, body);
		if (jx_get(act, "body_file") != NULL) {
			char *bytes = read_file(jx_text(act, "body_file"), &n);

			buf_put(&r->reply.body, bytes, n);
			free(bytes);
		}
		if (redirect)
			reply_header(r, "Location", jx_text(act, "redirect"));
	}
	if (jx_get(act, "set") != NULL)
		set_members(jx_get(act, "set"), r);
	cJSON_ArrayForEach(h, jx_get(act, "headers"))
		if (cJSON_IsString(h))
			reply_header(r, h->string, h->valuestring);
}

void
fault_names(const cJSON *act, struct buf *b)
{
	const cJSON *e;

	cJSON_ArrayForEach(e, act)
		buf_printf(b, "%s%s", b->n > 0 ? "," : "", e->string);
}
