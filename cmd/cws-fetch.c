/* cws-fetch - list workspaces, one line each. */

#include "base/cli.h"
#include "coder/fetch_run.h"
#include "coder/owners.h"

int
main(int argc, char **argv)
{
	struct fetch_run         f = { .query = "", .page_size = 200, .jobs = 4, .passes = 3,
	        .deadline_s = 600 };
	const struct cli_option option[] = {
		{ 'Q', "query", CLI_TEXT, "query", &f.query,
		        "the server's own search, such as 'owner:ada'", 0, 0, NULL, NULL },
		{ 0, "owner", CLI_TEXT, "name", &f.owner, "only workspaces of this user", 0, 0, NULL, NULL },
		{ 0, "org", CLI_TEXT, "name", &f.org,
		        "only workspaces of this organization", 0, 0, NULL, NULL },
		{ 0, "template", CLI_TEXT, "name", &f.template,
		        "only workspaces of this template", 0, 0, NULL, NULL },
		{ 'r', "running", CLI_FLAG, NULL, &f.running,
		        "only what a stop could change: running, failed, canceled", 0, 0, NULL, NULL },
		{ 0, "with", CLI_PARSE, "what,...", &f.with,
		        "say more of owners: owner, quiet-hours, groups", 0, 0, owners_with, NULL },
		{ 0, "page-size", CLI_INT, "n", &f.page_size,
		        "workspaces a request, 1-1000 (200)", 1, 1000, NULL, NULL },
		{ 'j', "jobs", CLI_INT, "n", &f.jobs, "requests at a time, 1-32 (4)", 1, 32, NULL, NULL },
		{ 0, "passes", CLI_INT, "n", &f.passes,
		        "read a list that moves at most so often (3)", 1, 100, NULL, NULL },
		{ 0, "deadline", CLI_SPAN, "duration", &f.deadline_s,
		        "give up after this time, retries included (10m)", 1, 86400, NULL, NULL },
		{ 0, "full", CLI_FLAG, NULL, &f.full, "keep latest_build.resources", 0, 0, NULL, NULL },
		LOGIN_OPTIONS(f.login),
	};
	const struct cli  cli = { "cws-fetch", "List Coder workspaces, one JSON record a line.",
		"cws-fetch -r | cws-ttl | cws-stop", option, sizeof(option) / sizeof(option[0]) };
	int status;

	cli_start(&cli);
	status = cli_parse(&cli, argc, argv);
	return status < 0 ? fetch_run(&f, cli.prog) : status;
}
