/* cws-fetch - list workspaces, one line each. */

#include "base/cli.h"
#include "coder/fetch_run.h"
#include "coder/owners.h"

int
main(int argc, char **argv)
{
	struct fetch_run f = {
		.query = "", .page_size = 200, .jobs = 4, .passes = 3, .deadline_s = 600
	};
	const struct cli_option option[] = {
		OPT_TEXT('Q', "query", "query", &f.query,
		        "the server's own search, such as 'owner:ada'"),
		OPT_TEXT(0, "owner", "name", &f.owner, "only workspaces of this user"),
		OPT_TEXT(0, "org", "name", &f.org, "only workspaces of this organization"),
		OPT_TEXT(0, "template", "name", &f.template, "only workspaces of this template"),
		OPT_FLAG('r', "running", &f.running,
		        "only what a stop could change: running, failed, canceled"),
		OPT_PARSE(0, "with", "what,...", &f.with, owners_with,
		        "say more of owners: owner, quiet-hours, groups"),
		OPT_INT(0, "page-size", &f.page_size, 1, 1000,
		        "workspaces a request, 1-1000 (200)"),
		OPT_INT('j', "jobs", &f.jobs, 1, 32, "requests at a time, 1-32 (4)"),
		OPT_INT(0, "passes", &f.passes, 1, 100,
		        "read a list that moves at most so often (3)"),
		OPT_SPAN(0, "deadline", &f.deadline_s,
		        "give up after this time, retries included (10m)", .min = 1, .max = 86400),
		OPT_FLAG(0, "full", &f.full, "keep latest_build.resources"),
		LOGIN_OPTIONS(f.login),
	};
	const struct cli cli = {
		.prog = "cws-fetch",
		.does = "List Coder workspaces, one JSON record a line.",
		.example = "cws-fetch -r | cws-ttl | cws-stop",
		.option = option,
		.options = sizeof(option) / sizeof(option[0]),
	};
	int status;

	cli_start(&cli);
	status = cli_parse(&cli, argc, argv);
	return status < 0 ? fetch_run(&f, cli.prog) : status;
}
