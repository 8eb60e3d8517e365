/* cws-fetch - list workspaces, one line each. */

#include "base/cli.h"
#include "coder/check_run.h"
#include "coder/fetch_run.h"
#include "coder/owners.h"
#include "settings/config_show.h"

/*
 * The server among the settings, for a person and for cws-sweep.  No server yet is told as null:
 * what else holds can be looked at before there is one.
 */
static int
show(struct config *c, const struct login_options *o, const struct cli *cli)
{
	struct login login;
	struct err   err;
	bool         known = login_server(&login, o, &err) == 0;
	int          status;

	c->also.name = "url";
	c->also.value = login.origin;
	c->also.from = known ? login.origin_from : err.text;
	status = config_print(c, cli);
	login_release(&login);
	return status;
}

/* What chooses and shapes a list says nothing to a check.  -1, or the status to end with. */
static int
refuse_list_options(const struct cli *cli)
{
	static const char *const of_list[] = { "query", "owner", "org", "template", "running",
		"with", "page-size", "jobs", "passes", "full" };
	size_t                   i;

	for (i = 0; i < sizeof(of_list) / sizeof(of_list[0]); i++)
		if (cli_given(cli, cli_find(cli, of_list[i])))
			return cli_refuse(cli, "--check lists nothing: leave out --%s", of_list[i]);
	return -1;
}

/* After the command line; returns the exit status. */
static int
run(const struct fetch_run *f, struct config *c, const struct check_run *check,
        const struct cli *cli)
{
	struct err err;
	int        status;

	if (check->json && !check->wanted)
		return cli_refuse(cli, "--json is of --check: records are JSON already");
	if (check->wanted && (status = refuse_list_options(cli)) >= 0)
		return status;
	if (config_open(c, cli, &err) != 0)
		return cli_refuse(cli, "%s", err.text);
	if (c->show)
		return show(c, &f->login, cli);
	return check->wanted ? check_run(check, f, cli->prog) : fetch_run(f, cli->prog);
}

int
main(int argc, char **argv)
{
	struct fetch_run f = {
		.query = "", .page_size = 200, .jobs = 4, .passes = 3, .deadline_s = 600
	};
	struct config           config = { .option = NULL };
	struct check_run        check = { .wanted = false };
	const struct cli_option option[] = {
		OPT_TEXT('Q', "query", "query", &f.query,
		        "the server's own search, such as 'owner:ada'"),
		OPT_TEXT(0, "owner", "name", &f.owner, "only workspaces of this user"),
		OPT_TEXT(0, "org", "name", &f.org, "only workspaces of this organization"),
		OPT_TEXT(0, "template", "name", &f.template, "only workspaces of this template"),
		OPT_FLAG('r', "running", &f.running,
		        "only what a stop could change: running, failed, canceled"),
		OPT_PARSE(0, "with", "what,...", &f.with, owners_with, "say more of owners",
		        .values = owners_words),
		OPT_INT(0, "page-size", &f.page_size, 1, 1000,
		        "workspaces a request, 1-1000 (200)"),
		OPT_INT('j', "jobs", &f.jobs, 1, 32, "requests at a time, 1-32 (4)"),
		OPT_INT(0, "passes", &f.passes, 1, 100,
		        "read a list that moves at most so often (3)"),
		OPT_SPAN(0, "deadline", &f.deadline_s,
		        "give up after this time, retries included (10m)", .min = 1, .max = 86400),
		OPT_FLAG(0, "full", &f.full, "keep latest_build.resources"),
		CHECK_OPTIONS(check),
		CONFIG_OPTIONS(config),
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
	if (status < 0)
		status = run(&f, &config, &check, &cli);
	config_release(&config);
	return status;
}
