/* cws-fetch - list workspaces, one line each. */

#include "base/cli.h"
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

/* After the command line; returns the exit status. */
static int
run(struct config *c, const struct fetch_run *f, const struct cli *cli)
{
	struct err err;

	if (config_open(c, cli, &err) != 0)
		return cli_refuse(cli, "%s", err.text);
	return c->show ? show(c, &f->login, cli) : fetch_run(f, cli->prog);
}

int
main(int argc, char **argv)
{
	struct fetch_run f = {
		.query = "", .page_size = 200, .jobs = 4, .passes = 3, .deadline_s = 600
	};
	struct config           config = { .option = NULL };
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
		status = run(&config, &f, &cli);
	config_release(&config);
	return status;
}
