/* test_facts.c - members of a record to the facts of each decision: each member, absent, right and wrong. */

#include "record/facts.h"

#include "check.h"

static struct err err;

static void
parse(struct rec *r, const char *line)
{
	CHECK(line, rec_parse(r, line, strlen(line), &err) == REC_OK, "%s", err.text);
}

/* The line {"a":{"b":{"c":VALUE}}} of a path ".a.b.c". */
static void
nest(char *line, size_t size, const char *path, const char *value)
{
	size_t at = 0, depth = 0, n;

	for (; *path == '.'; path += n, depth++) {
		n = strcspn(++path, ".");
		at += (size_t)snprintf(line + at, size - at, "{\"%.*s\":", (int)n, path);
	}
	at += (size_t)snprintf(line + at, size - at, "%s", value);
	while (depth-- > 0)
		at += (size_t)snprintf(line + at, size - at, "}");
}

/* Facts of any kind, for those that only have to be refused. */
union any_facts {
	struct ttl_facts       ttl;
	struct stop_facts      stop;
	struct quiet_facts     quiet;
	struct autostop_facts  autostop;
	struct exclude_subject subject;
	struct report_facts    report;
};

enum reader { TTL, STOP, QUIET, AUTOSTOP, SUBJECT, REPORT };

static int
read_with(enum reader reader, struct rec *r, union any_facts *f)
{
	switch (reader) {
	case TTL:
		return facts_ttl(r, &f->ttl, &err);
	case STOP:
		return facts_stop(r, &f->stop, &err);
	case QUIET:
		return facts_quiet(r, &f->quiet, &err);
	case AUTOSTOP:
		return facts_autostop(r, &f->autostop, &err);
	case SUBJECT:
		return facts_subject(r, r, &f->subject, &err);
	case REPORT:
		return facts_report(r, &f->report, &err);
	}
	return -1;
}

/* A member that is looked at is refused when its type is wrong, by its name; one that is not is nobody's business. */
static void
test_members(void)
{
	static const struct {
		enum reader reader;
		const char *paths[30];
	} rows[] = {
		{ TTL, { ".latest_build.status", ".latest_build.transition", ".is_prebuild", ".ttl_ms",
		               ".latest_build.deadline", ".latest_build.max_deadline", ".latest_build.job.completed_at",
		               ".latest_build.job.canceled_at" } },
		{ STOP, { ".latest_build.status", ".latest_build.transition", ".is_prebuild", ".owner_id",
		                ".latest_build.id", ".latest_build.build_number", ".latest_build.job.status",
		                ".latest_app_status.state", ".latest_build.deadline", ".last_used_at" } },
		{ QUIET, { ".latest_build.status", ".latest_build.transition", ".is_prebuild",
		                 ".latest_build.job.completed_at", ".last_used_at", ".latest_app_status.state" } },
		{ AUTOSTOP, { ".latest_build.status", ".latest_build.transition", ".is_prebuild", ".ttl_ms",
		                    ".latest_build.deadline", ".latest_build.max_deadline", ".latest_build.created_at",
		                    ".latest_build.job.completed_at", ".last_used_at", ".dormant_at", ".deleting_at",
		                    ".next_start_at", ".autostart_schedule", ".automatic_updates", ".outdated",
		                    ".cws.fetch.scheduling", ".cws.fetch.server.version",
		                    ".cws.fetch.server.provisioners_live", ".cws.fetch.owner.status",
		                    ".cws.fetch.template.default_ttl_ms", ".cws.fetch.template.failure_ttl_ms",
		                    ".cws.fetch.template.time_til_dormant_ms",
		                    ".cws.fetch.template.allow_user_autostart",
		                    ".cws.fetch.template.autostart_requirement.days_of_week" } },
		{ SUBJECT, { ".owner_name", ".name", ".template_name", ".template_id", ".organization_name",
		                   ".organization_id", ".cws.fetch.owner.groups" } },
		{ REPORT, { ".latest_build.daily_cost", ".latest_build.template_version_name", ".cws.fetch.owner.email",
		                  ".cws.fetch.owner.last_seen_at" } },
	};
	struct rec     *r = rec_new();
	union any_facts f;
	char            line[300], start[100];
	size_t          i, k;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (k = 0; rows[i].paths[k] != NULL; k++) {
			nest(line, sizeof(line), rows[i].paths[k], "null");
			parse(r, line);
			CHECK(line, read_with(rows[i].reader, r, &f) == 0, "%s", err.text);
			nest(line, sizeof(line), rows[i].paths[k], "{\"x\":[0.5]}");
			parse(r, line);
			CHECK(line, read_with(rows[i].reader, r, &f) == -1, "is taken");
			snprintf(start, sizeof(start), "'%s' is not ", rows[i].paths[k]);
			CHECK(line, strncmp(err.text, start, strlen(start)) == 0, "%s", err.text);
		}
	parse(r, "{\"name\":7,\"latest_build\":{\"daily_cost\":\"x\"}}");
	CHECK("not asked for", facts_ttl(r, &f.ttl, &err) == 0, "%s", err.text);
	rec_free(r);
}

static void
test_subject(void)
{
	struct rec            *r = rec_new(), *fetched = rec_new();
	struct exclude_subject who;

	parse(r, "{\"name\":\"dev\",\"owner_name\":\"ada\",\"cws\":{\"fetch\":{\"owner\":{\"groups\":7}}}}");
	parse(fetched, "{\"name\":7,\"cws\":{\"fetch\":{\"owner\":{\"groups\":[\"a\",\"b\"]}}}}");
	CHECK("no groups asked", facts_subject(r, NULL, &who, &err) == 0 && who.groups.first == NULL, "%s", err.text);
	CHECK("their own", facts_subject(r, r, &who, &err) == -1, "is taken");
	CHECK("another's", facts_subject(r, fetched, &who, &err) == 0 && who.groups.n == 2, "%s", err.text);
	CHECK_TEXT("another's", who.workspace, "dev");
	CHECK_TEXT("another's", word_next(who.groups.first), "b");
	rec_free(r);
	rec_free(fetched);
}

static void
test_ttl(void)
{
	struct rec      *r = rec_new();
	struct ttl_facts f;

	parse(r, "{\"is_prebuild\":true,\"ttl_ms\":3600000,\"latest_build\":{\"status\":\"running\","
	         "\"transition\":\"start\",\"deadline\":\"1970-01-01T00:00:01Z\",\"max_deadline\":\"1970-01-01T00:00:02Z\","
	         "\"job\":{\"completed_at\":\"1970-01-01T00:00:03Z\"}}}");
	CHECK("ttl", facts_ttl(r, &f, &err) == 0, "%s", err.text);
	CHECK("ttl", f.prebuild && f.has_ttl && f.ttl_ms == 3600000 && f.life == LIFE_RUNNING && !f.canceled, "%d", f.life);
	CHECK("ttl", f.deadline.us == 1000000 && f.max_deadline.us == 2000000 && f.started.us == 3000000, "%lld",
	        (long long)f.deadline.us);
	parse(r, "{\"ttl_ms\":0,\"latest_build\":{\"status\":\"failed\",\"transition\":\"stop\","
	         "\"job\":{\"canceled_at\":\"2026-01-01T00:00:00Z\"}}}");
	CHECK("canceled", facts_ttl(r, &f, &err) == 0 && f.canceled && !f.has_ttl && f.life == LIFE_STUCK, "%d", f.life);
	parse(r, "{\"ttl_ms\":-1}");
	CHECK("negative", facts_ttl(r, &f, &err) == -1, "is taken");
	CHECK_TEXT("negative", err.text, "'.ttl_ms' is negative");
	rec_free(r);
}

static void
test_autostop(void)
{
	static const struct {
		const char *template;
		bool        has_template, has_default;
		int         days;
	} rows[] = {
		{ "null", false, false, 0x7f },
		{ "{\"default_ttl_ms\":null}", true, false, 0x7f },
		{ "{\"default_ttl_ms\":0,\"allow_user_autostart\":true}", true, true, 0x7f },
		{ "{\"allow_user_autostart\":false}", true, false, 0 },
		{ "{\"autostart_requirement\":null}", true, false, 0x7f },
		{ "{\"autostart_requirement\":{\"days_of_week\":[]}}", true, false, 0 },
		{ "{\"autostart_requirement\":{\"days_of_week\":[\"sunday\",\"moonday\",\"saturday\"]}}", true, false, 0x41 },
		{ "{\"allow_user_autostart\":false,\"autostart_requirement\":{\"days_of_week\":[\"monday\"]}}", true, false, 0 },
	};
	struct rec           *r = rec_new();
	struct autostop_facts f;
	size_t                i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char line[200];

		nest(line, sizeof(line), ".cws.fetch.template", rows[i].template);
		parse(r, line);
		CHECK(line, facts_autostop(r, &f, &err) == 0, "%s", err.text);
		CHECK(line, f.has_template == rows[i].has_template && f.has_default_ttl == rows[i].has_default && f.days == rows[i].days,
		        "%d %d %#x", f.has_template, f.has_default_ttl, f.days);
	}
	parse(r, "{\"cws\":{\"fetch\":{\"scheduling\":false,\"server\":{\"provisioners_live\":0,\"version\":\"v2.34.2-x\"},"
	         "\"owner\":{\"status\":\"dormant\"}}},\"autostart_schedule\":\"\"}");
	CHECK("autostop", facts_autostop(r, &f, &err) == 0, "%s", err.text);
	CHECK("autostop", f.licensed == FACT_NO && f.no_provisioner && f.retries_stops == FACT_YES && f.owner == OWNER_DORMANT &&
	        f.schedule == NULL && f.life == LIFE_UNKNOWN, "%d %d", f.licensed, f.owner);
	parse(r, "{}");
	CHECK("autostop", facts_autostop(r, &f, &err) == 0 && f.licensed == FACT_UNKNOWN && !f.no_provisioner &&
	        f.retries_stops == FACT_UNKNOWN, "%d", f.licensed);
	rec_free(r);
}

static void
test_report(void)
{
	struct rec         *r = rec_new();
	struct report_facts f;

	parse(r, "{\"latest_build\":{\"daily_cost\":8,\"template_version_name\":\"scenic\"},\"cws\":{\"fetch\":{\"owner\":"
	         "{\"email\":\"ada@example.com\",\"last_seen_at\":\"1970-01-01T00:00:09Z\"}}}}");
	CHECK("report", facts_report(r, &f, &err) == 0, "%s", err.text);
	CHECK("report", f.has_daily_cost && f.daily_cost == 8 && f.owner_seen.known && f.owner_seen.us == 9000000, "%lld",
	        (long long)f.daily_cost);
	CHECK_TEXT("report", f.template_version, "scenic");
	CHECK_TEXT("report", f.owner_email, "ada@example.com");
	parse(r, "{\"latest_build\":{\"daily_cost\":0}}");
	CHECK("free", facts_report(r, &f, &err) == 0 && f.has_daily_cost && f.daily_cost == 0, "%d", f.has_daily_cost);
	parse(r, "{}");
	CHECK("nothing", facts_report(r, &f, &err) == 0 && !f.has_daily_cost && f.template_version == NULL &&
	        f.owner_email == NULL && !f.owner_seen.known, "%d", f.has_daily_cost);
	rec_free(r);
}

int
main(void)
{
	test_members();
	test_subject();
	test_ttl();
	test_autostop();
	test_report();
	return CHECK_DONE();
}
