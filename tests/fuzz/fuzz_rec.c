/*
 * fuzz_rec.c - any bytes as a record: what becomes of it with a verdict in it, byte for byte.
 *
 * slow.h finds the members again, and the line that has to come out is put
 * together from them; the verdicts on the record are counted the same way.
 */

#include "record/rec.h"

#include "fuzz.h"
#include "slow.h"

#define VALUE "{\"due\":true}"

static void
put(struct buf *out, const char *text, size_t from, size_t to)
{
	buf_put(out, text + from, to - from);
}

/* "cws":{...} with ttl replaced where it stands, or put behind the others. */
static void
expect_cws(struct buf *out, const struct slow_object *cws)
{
	bool   done = false;
	size_t i;

	buf_puts(out, "\"cws\":{");
	for (i = 0; i < cws->members; i++) {
		const struct slow_member *m = &cws->member[i];

		if (i != 0)
			buf_putc(out, ',');
		if (slow_spells(cws, m->name, "ttl")) {
			buf_puts(out, "\"ttl\":" VALUE);
			done = true;
		} else {
			put(out, cws->text, m->name, m->end);
		}
	}
	if (!done)
		buf_puts(out, i != 0 ? ",\"ttl\":" VALUE : "\"ttl\":" VALUE);
	buf_putc(out, '}');
}

static void
expect_line(struct buf *out, const struct slow_object *o, const struct slow_object *cws, size_t brace)
{
	const struct slow_member *old = slow_find(o, "cws"), *last = o->member + o->members;
	size_t                    end = o->members != 0 ? (--last)->end : brace + 1;

	if (old == NULL) {
		put(out, o->text, 0, end);
		if (o->members != 0)
			buf_putc(out, ',');
	} else {
		put(out, o->text, 0, old->name);
		if (old != last) {
			put(out, o->text, old[1].name, end);
			buf_putc(out, ',');
		}
	}
	expect_cws(out, cws);
	put(out, o->text, end, o->n);
}

/* Each object in cws with a due or a keep, and no other, is a verdict; due where it says true. */
static void
check_verdicts(struct rec *r, const struct slow_object *cws)
{
	static struct slow_object one;
	const struct verdict_seen *v;
	struct err                 err;
	size_t                     i, n, found = 0;

	if (rec_verdicts(r, &v, &n, &err) != 0)
		return;
	for (i = 0; i < cws->members; i++) {
		size_t                    at = cws->member[i].value;
		const struct slow_member *due, *keep;

		if (cws->text[at] != '{') {
			REQUIRE(cws->text[at] == 'n' || slow_spells(cws, cws->member[i].name, "note") ||
			        slow_spells(cws, cws->member[i].name, "aborted"));
			continue;
		}
		if (!slow_read(&one, cws->text, cws->n, at))
			return;
		due = slow_find(&one, "due");
		keep = slow_find(&one, "keep");
		if (due == NULL && keep == NULL)
			continue;
		REQUIRE(found < n);
		REQUIRE(v[found].due == (due != NULL && one.text[due->value] == 't'));
		REQUIRE(v[found].keep == (keep != NULL && one.text[keep->value] == 't'));
		REQUIRE(due == NULL || strchr("tf", one.text[due->value]) != NULL);
		REQUIRE(keep == NULL || strchr("tf", one.text[keep->value]) != NULL);
		found++;
	}
	REQUIRE(found == n);
}

/* A member as each of the kinds. */
union fact_value {
	const char  *text;
	int64_t      number;
	bool         flag;
	struct when  when;
	struct word_list words;
	struct slice raw;
};

static const char *const paths[] = { ".id", ".name", ".owner_id", ".ttl_ms", ".is_prebuild", ".last_used_at",
	".latest_app_status.state", ".shared_with", ".autostart_schedule", ".latest_build", ".latest_build.id",
	".latest_build.build_number", ".latest_build.status", ".latest_build.deadline", ".latest_build.job.status",
	".latest_build.job.completed_at", ".cws.fetch.at", ".cws.fetch.url", ".cws.fetch.owner.groups",
	".cws.fetch.owner.quiet_hours.user_set", ".cws.fetch.template.default_ttl_ms", ".cws.stop.result", ".outcome" };

#define KINDS (FACT_KNOWN + 1)
#define FACTS (sizeof(paths) / sizeof(paths[0]) * KINDS)

static void
put_value(struct buf *out, enum fact_kind kind, const union fact_value *v)
{
	switch (kind) {
	case FACT_TEXT:
	case FACT_TEXT_OR_EMPTY:
		buf_printf(out, "%s|", v->text != NULL ? v->text : "none");
		break;
	case FACT_INT:
		buf_printf(out, "%lld|", (long long)v->number);
		break;
	case FACT_FLAG:
	case FACT_KNOWN:
		buf_printf(out, "%d|", v->flag);
		break;
	case FACT_WHEN:
		buf_printf(out, "%d %lld|", v->when.known, (long long)v->when.us);
		break;
	case FACT_WORDS:
		buf_printf(out, "%zu %s|", v->words.n, v->words.n != 0 ? v->words.first : "");
		break;
	case FACT_RAW:
		buf_put(out, v->raw.p, v->raw.n);
		break;
	}
}

/* What is read of a member has to be what is read again of the spliced line. */
static void
get_all(struct rec *r, struct buf *out)
{
	static struct fact       fact[FACTS];
	static struct fact_table table[FACTS];
	union fact_value         v;
	struct err               err;
	size_t                   i;

	for (i = 0; i < FACTS; i++) {
		fact[i] = (struct fact){ 0, (enum fact_kind)(i % KINDS), paths[i / KINDS] };
		table[i] = (struct fact_table){ &fact[i], 1 };
		memset(&v, 0, sizeof(v));
		if (rec_read(r, &table[i], &v, &err) == 0)
			put_value(out, fact[i].kind, &v);
		else
			buf_printf(out, "%s|", err.text);
	}
}

static bool
is_null(const struct slow_object *o, const struct slow_member *m)
{
	return o->text[m->value] == 'n';
}

/* The rules of records: no member twice at the top, in latest_build, in cws; these two are objects. */
static void
check_rules(int got, const struct err *err, const struct slow_object *o, const struct slow_object *build,
        const struct slow_object *cws)
{
	bool twice = slow_twice(o) || slow_twice(build) || slow_twice(cws);

	if (got == REC_OK)
		REQUIRE(!twice);
	else
		REQUIRE(twice || strstr(err->text, "is not an object") != NULL ||
		        strstr(err->text, "is not true or false") != NULL ||
		        strstr(err->text, "has two members named") != NULL);
}

static void
check_splice(struct rec *r, const struct slow_object *o, const struct slow_object *cws, size_t brace)
{
	struct buf value, want, once, twice, before, after;
	struct err err;

	buf_init(&value, 64);
	buf_init(&want, BUF_RECORD_MAX);
	buf_init(&once, BUF_RECORD_MAX);
	buf_init(&twice, BUF_RECORD_MAX);
	buf_init(&before, BUF_RECORD_MAX);
	buf_init(&after, BUF_RECORD_MAX);
	buf_puts(&value, VALUE);
	get_all(r, &before);
	rec_splice(r, "ttl", &value, &once);
	expect_line(&want, o, cws, brace);
	REQUIRE(once.n == want.n && memcmp(once.p, want.p, want.n) == 0);
	REQUIRE(strict_json(once.p, once.n, 200));
	REQUIRE(rec_parse(r, once.p, once.n, &err) == REC_OK);
	get_all(r, &after);
	REQUIRE(after.n == before.n && memcmp(after.p, before.p, before.n) == 0);
	rec_splice(r, "ttl", &value, &twice);
	REQUIRE(twice.n == once.n && memcmp(twice.p, once.p, once.n) == 0);
	buf_release(&value);
	buf_release(&want);
	buf_release(&once);
	buf_release(&twice);
	buf_release(&before);
	buf_release(&after);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct slow_object o, build, cws;
	static struct rec        *r;
	const struct slow_member *m;
	struct err                err;
	char                     *line = exact((const char *)data, n);
	size_t                    brace = 0;
	int                       got;
	bool                      few;

	if (r == NULL)
		r = rec_new();
	got = rec_parse(r, line, n, &err);
	while (brace < n && line[brace] != '\0' && strchr(" \t\r\n", line[brace]) != NULL)
		brace++;
	REQUIRE((got != REC_BROKEN) == (brace < n && line[brace] == '{' && strict_json(line, n, 200)));
	if (got != REC_BROKEN) {
		build.members = cws.members = 0;
		build.text = cws.text = line;
		few = slow_read(&o, line, n, brace);
		if (few && (m = slow_find(&o, "latest_build")) != NULL && line[m->value] == '{')
			few = slow_read(&build, line, n, m->value);
		if (few && (m = slow_find(&o, "cws")) != NULL && line[m->value] == '{')
			few = slow_read(&cws, line, n, m->value);
		if (few)
			check_rules(got, &err, &o, &build, &cws);
		if (few && got == REC_OK) {
			REQUIRE((m = slow_find(&o, "cws")) == NULL || line[m->value] == '{' || is_null(&o, m));
			check_verdicts(r, &cws);
			check_splice(r, &o, &cws, brace);
		}
	}
	/* What it borrowed dies with the line. */
	rec_parse(r, "{}", 2, &err);
	free(line);
	return 0;
}
