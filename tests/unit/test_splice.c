/*
 * test_splice.c - records against cJSON: the recorded workspaces and generated lines.
 *
 * usage: test_splice [workspaces.json]; else $CWS_WORLD_FILE, else the recording in tests/fixtures
 */

#include "record/rec.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

#include "check.h"
#include "json_gen.h"

#define RECORDED "tests/fixtures/world/workspaces.json"
#define VERDICT "{\"due\":false,\"state\":\"ok\"}"

/* What programs look at, and some more. */
static const char *const paths[] = {
	".id", ".name", ".owner_id", ".owner_name", ".organization_id", ".organization_name",
	".template_id", ".template_name", ".ttl_ms", ".is_prebuild", ".last_used_at",
	".dormant_at", ".latest_app_status.state", ".shared_with", ".autostart_schedule",
	".next_start_at", ".deleting_at", ".automatic_updates", ".outdated",
	".latest_build.created_at", ".latest_build.id", ".latest_build.build_number",
	".latest_build.transition", ".latest_build.status", ".latest_build.deadline",
	".latest_build.max_deadline", ".latest_build.initiator_id", ".latest_build.reason",
	".latest_build.job.status", ".latest_build.job.completed_at",
	".latest_build.job.canceled_at", ".latest_build.job.error", ".cws.fetch.at",
	".cws.fetch.url", ".cws.fetch.owner.groups", ".cws.fetch.owner.quiet_hours.raw_schedule",
	".cws.fetch.owner.quiet_hours.user_set", ".cws.fetch.scheduling",
	".cws.fetch.server.version", ".cws.fetch.server.provisioners_live",
	".cws.fetch.template.default_ttl_ms", ".cws.fetch.template.failure_ttl_ms",
	".cws.fetch.template.time_til_dormant_ms", ".cws.fetch.template.allow_user_autostart",
	".cws.fetch.template.autostart_requirement.days_of_week", ".cws.fetch.owner.status",
	".cws.fetch.template.activity_bump_ms", ".cws.stop.result", ".cws.stop.run",
	".cws.stop.build_id", ".cws.stop.build_number", ".cws.stop.deadline_before",
	".cws.stop.deadline_after", ".intent", ".run", ".at", ".build_id", ".build_number",
	".url", ".deadline_before", ".deadline_after", ".outcome", ".latest_build.daily_cost",
	".latest_build.template_version_name", ".cws.fetch.owner.email",
	".cws.fetch.owner.last_seen_at",
};

#define PATHS (sizeof(paths) / sizeof(paths[0]))

static struct fact       fact[PATHS];
static struct fact_table table = { fact, PATHS };
static struct err  err;
static struct rec *reader;

/* Where a path leads, found without rec.c. */
static const cJSON *
follow(const cJSON *tree, const char *path)
{
	char   name[40];
	size_t n;

	for (; *path == '.' && tree != NULL; path += n) {
		n = strcspn(++path, ".");
		snprintf(name, sizeof(name), "%.*s", (int)n, path);
		tree = cJSON_GetObjectItemCaseSensitive(tree, name);
	}
	return cJSON_IsNull(tree) ? NULL : tree;
}

/* As cJSON prints them; cJSON_Compare would not find a value with two members of one name equal to itself. */
static bool
same_value(const cJSON *a, const cJSON *b)
{
	char *x = cJSON_PrintUnformatted(a), *y = cJSON_PrintUnformatted(b);
	bool  same = x != NULL && y != NULL && strcmp(x, y) == 0;

	cJSON_free(x);
	cJSON_free(y);
	return same;
}

/* Does the reader, which has parsed a line, hold the same members as cJSON's tree of a line? */
static bool
same_members(const cJSON *tree)
{
	struct slice got_raw[PATHS];
	size_t       m;

	if (rec_read(reader, &table, got_raw, &err) != 0)
		return false;
	for (m = 0; m < PATHS; m++) {
		struct slice raw = got_raw[m];
		const cJSON *want = follow(tree, paths[m]);
		cJSON       *got = raw.p != NULL ? cJSON_ParseWithLength(raw.p, raw.n) : NULL;
		bool         same = raw.p == NULL ? want == NULL : same_value(got, want);

		cJSON_Delete(got);
		if (!same)
			return false;
	}
	return true;
}

/*
 * One line, and what it has to be with the verdict in it.  Sets out to the
 * spliced line.  False when anything differs: the members before, the members
 * after, a byte outside cws, or a second pass.
 */
static bool
holds(const struct buf *line, const struct buf *want, const struct buf *value)
{
	struct buf once, twice;
	cJSON     *before = cJSON_ParseWithLength(line->p, line->n), *after = NULL;
	char      *copy = exact(line->p, line->n), *again = NULL;
	bool       ok;

	buf_init(&once, BUF_RECORD_MAX);
	buf_init(&twice, BUF_RECORD_MAX);
	ok = rec_parse(reader, copy, line->n, &err) == REC_OK && before != NULL && same_members(before);
	if (ok) {
		rec_splice(reader, "ttl", value, &once);
		again = exact(once.p, once.n);
		after = cJSON_ParseWithLength(once.p, once.n);
		ok = once.n == want->n && memcmp(once.p, want->p, want->n) == 0 && strict_json(once.p, once.n,
		        200) &&
		     rec_parse(reader, again, once.n, &err) == REC_OK && same_members(before) &&
		             after != NULL &&
		     same_members(after) &&
		     cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(
		             cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(after, "cws"),
		             "ttl"), "due"));
	}
	if (ok) {
		rec_splice(reader, "ttl", value, &twice);
		ok = twice.n == once.n && memcmp(twice.p, once.p, once.n) == 0;
	}
	if (!ok)
		printf("# %.*s\n# %.*s\n# %.*s\n", (int)line->n, line->p, (int)want->n, want->p, (int)once.n,
		        once.p ? once.p : "");
	cJSON_Delete(before);
	cJSON_Delete(after);
	free(copy);
	free(again);
	buf_release(&once);
	buf_release(&twice);
	return ok;
}

/*
 * The members of the recorded page's array: spans found by the slow reader, so not by the scanner
 * under test.
 */
static void
test_recorded(const char *path, const struct buf *value)
{
	struct buf    page, line, want;
	char          chunk[65536];
	size_t        n;
	unsigned      records = 0, wrong = 0;
	struct strict s = { .depth_max = 200 };
	FILE         *f = fopen(path, "rb");
	const char   *at;

	CHECK(path, f != NULL, "cannot open");
	if (f == NULL)
		return;
	buf_init(&page, BUF_BODY_MAX);
	buf_init(&line, BUF_RECORD_MAX);
	buf_init(&want, BUF_RECORD_MAX);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_put(&page, chunk, n);
	fclose(f);
	s.p = (const unsigned char *)page.p;
	s.n = page.n;
	at = strchr(buf_text(&page), '[');
	CHECK(path, at != NULL, "no array in it");
	for (s.i = at != NULL ? (size_t)(at - page.p) : s.n; strict_take(&s, '[') || strict_take(&s, ',');) {
		size_t from;

		strict_blanks(&s);
		from = s.i;
		if (!strict_value(&s, 0))
			break;
		buf_reset(&line);
		buf_put(&line, page.p + from, s.i - from);
		/* No recorded workspace has a cws: it comes behind the last member. */
		buf_reset(&want);
		buf_put(&want, line.p, line.n - 1);
		buf_printf(&want, ",\"cws\":{\"ttl\":%s}}", value->p);
		wrong += !holds(&line, &want, value);
		records++;
		strict_blanks(&s);
	}
	CHECK(path, records >= 88 && strict_take(&s, ']'), "%u records", records);
	CHECK("recorded", wrong == 0, "%u of %u differ", wrong, records);
	buf_release(&page);
	buf_release(&line);
	buf_release(&want);
}

/* A name as it is or with some of its letters escaped. */
static void
gen_name(struct buf *b, const char *name)
{
	bool escape = gen_below(6) == 0;

	buf_putc(b, '"');
	for (; *name != '\0'; name++)
		if (escape && (unsigned char)*name < 0x80 && gen_below(3) == 0)
			buf_printf(b, gen_below(2) ? "\\u%04x" : "\\u%04X", (unsigned)(unsigned char)*name);
		else
			buf_putc(b, *name);
	buf_putc(b, '"');
}

/* The values of ours may be anything, but not two of one name where that is refused. */
static void
gen_object(struct buf *b, const char *const *name, unsigned names, unsigned depth)
{
	unsigned i, skip = 2 + gen_below(4), put = 0;

	buf_putc(b, '{');
	gen_blanks(b);
	for (i = 0; i < names; i++) {
		if (gen_below(skip) == 0)
			continue;
		if (put++ != 0) {
			buf_putc(b, ',');
			gen_blanks(b);
		}
		gen_name(b, name[i]);
		gen_blanks(b);
		buf_putc(b, ':');
		gen_blanks(b);
		if (strcmp(name[i], "job") == 0)
			gen_object(b, (const char *const[]){ "status", "error", "canceled_at" }, 3, depth);
		else
			gen_value(b, depth);
		gen_blanks(b);
	}
	buf_putc(b, '}');
}

/* The members of cws, and what they have to become. */
static void
gen_cws(struct buf *line, struct buf *want, const char *value)
{
	static const char *const name[] = { "fetch", "ttl", "quiet", "x.y", "ttls", "" };
	unsigned                 i, put = 0, skip = 1 + gen_below(4);
	bool                     had = false;
	struct buf               v;

	buf_init(&v, BUF_RECORD_MAX);
	buf_putc(line, '{');
	buf_puts(want, "\"cws\":{");
	gen_blanks(line);
	for (i = 0; i < 6; i++) {
		bool ours = strcmp(name[i], "ttl") == 0;

		if (gen_below(skip) == 0)
			continue;
		if (put++ != 0) {
			buf_putc(line, ',');
			gen_blanks(line);
			buf_putc(want, ',');
		}
		buf_reset(&v);
		gen_name(&v, name[i]);
		gen_blanks(&v);
		buf_putc(&v, ':');
		gen_blanks(&v);
		if (strcmp(name[i], "fetch") == 0)
			gen_object(&v, (const char *const[]){ "at", "url", "scheduling" }, 3, 2);
		else if (gen_below(4) == 0)
			buf_puts(&v, "null");
		else
			gen_object(&v, (const char *const[]){ "state", "why", "x" }, 3, 2);
		buf_put(line, v.p, v.n);
		if (ours)
			buf_printf(want, "\"ttl\":%s", value);
		else
			buf_put(want, v.p, v.n);
		had = had || ours;
		gen_blanks(line);
	}
	buf_putc(line, '}');
	if (!had)
		buf_printf(want, "%s\"ttl\":%s", put != 0 ? "," : "", value);
	buf_putc(want, '}');
	buf_release(&v);
}

/*
 * A record with its members in random order, and the line it has to become: from
 * cws's name to the next member's taken out, the new one put behind the last.
 */
static void
gen_record(struct buf *line, struct buf *want, const char *value)
{
	static const char *const top[] = { "id", "name", "owner_name", "ttl_ms", "is_prebuild",
	        "last_used_at",
		"shared_with", "latest_app_status", "latest_build", "cws", "Cws", "r\xc3\xa9sum\xc3\xa9", "",
		"a", "b" };
	static const char *const build[] = { "id", "build_number", "status", "transition", "deadline", "job",
	        "x" };
	const unsigned           names = sizeof(top) / sizeof(top[0]), skip = 1 + gen_below(5);
	unsigned                 i, put = 0, start = gen_below(names), step = 1 + gen_below(2);
	size_t                   cut = 0, resume = 0, last_end;
	bool                     has_cws = false;
	struct buf               cws;

	buf_init(&cws, BUF_RECORD_MAX);
	buf_printf(&cws, "\"cws\":{\"ttl\":%s}", value);
	gen_blanks(line);
	buf_putc(line, '{');
	last_end = line->n;
	gen_blanks(line);
	for (i = 0; i < names; i++) {
		/* Fifteen names, and steps that have no divisor in common with it: each comes once. */
		const char *name = top[(start + i * step) % names];

		if (gen_below(skip) == 0)
			continue;
		if (put++ != 0) {
			buf_putc(line, ',');
			gen_blanks(line);
		}
		if (has_cws && resume == 0)
			resume = line->n;
		if (strcmp(name, "cws") == 0) {
			has_cws = true;
			cut = line->n;
		}
		gen_name(line, name);
		gen_blanks(line);
		buf_putc(line, ':');
		gen_blanks(line);
		if (strcmp(name, "latest_build") == 0) {
			gen_object(line, build, 7, 3);
		} else if (strcmp(name, "latest_app_status") == 0) {
			gen_object(line, (const char *const[]){ "state", "id" }, 2, 2);
		} else if (strcmp(name, "cws") != 0) {
			gen_value(line, gen_below(4));
		} else if (gen_below(8) == 0) {
			buf_puts(line, "null");
		} else {
			buf_reset(&cws);
			gen_cws(line, &cws, value);
		}
		last_end = line->n;
		gen_blanks(line);
	}
	buf_putc(line, '}');
	gen_blanks(line);

	if (!has_cws) {
		buf_put(want, line->p, last_end);
	} else {
		buf_put(want, line->p, cut);
		if (resume != 0)
			buf_put(want, line->p + resume, last_end - resume);
	}
	if (has_cws ? resume != 0 : put != 0)
		buf_putc(want, ',');
	buf_put(want, cws.p, cws.n);
	buf_put(want, line->p + last_end, line->n - last_end);
	buf_release(&cws);
}

static void
test_generated(const struct buf *value)
{
	struct buf line, want;
	unsigned   i, wrong = 0, broken = 0, taken = 0;

	buf_init(&line, BUF_RECORD_MAX);
	buf_init(&want, BUF_RECORD_MAX);
	for (i = 0; i < 5000 && wrong < 5; i++) {
		buf_reset(&line);
		buf_reset(&want);
		gen_record(&line, &want, value->p);
		wrong += !holds(&line, &want, value);
	}
	CHECK("generated", wrong == 0, "%u differ", wrong);

	/* Damaged lines: broken for us exactly where they are no object for the slow reader. */
	for (i = 0; i < 5000; i++) {
		char  *copy;
		bool   object;
		size_t skip;

		buf_reset(&line);
		buf_reset(&want);
		gen_record(&line, &want, value->p);
		gen_damage(&line);
		skip = strspn(buf_text(&line), " \t\r\n");
		object = skip < line.n && line.p[skip] == '{' && strict_json(line.p, line.n, 200);
		copy = exact(line.p, line.n);
		broken += (rec_parse(reader, copy, line.n, &err) == REC_BROKEN) == object;
		taken += object;
		free(copy);
	}
	CHECK("damaged", broken == 0, "%u judged otherwise", broken);
	CHECK("damaged", taken > 500 && taken < 4500, "%u are whole", taken);
	buf_release(&line);
	buf_release(&want);
}

int
main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : getenv("CWS_WORLD_FILE");
	struct buf  value;
	size_t      m;

	buf_init(&value, 64);
	buf_puts(&value, VERDICT);
	reader = rec_new();
	for (m = 0; m < PATHS; m++)
		fact[m] = (struct fact){ m * sizeof(struct slice), FACT_RAW, paths[m] };
	test_recorded(path != NULL ? path : RECORDED, &value);
	test_generated(&value);
	rec_free(reader);
	buf_release(&value);
	return CHECK_DONE();
}
