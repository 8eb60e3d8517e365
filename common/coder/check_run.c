/* check_run.c - the findings of a first contact as lines or as JSON. */

#include "coder/check_run.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/json_write.h"
#include "base/ndjson.h"
#include "base/signals.h"
#include "coder/contact_ask.h"

#define DEADLINE_S 60 /* a person waits for this one */
#define OWN_MS (10 * INT64_C(1000))

static void
put_line(struct buf *b, const struct finding *f)
{
	buf_printf(b, "%-4s  %-15s  %s%s%s\n", finding_levels[f->level], f->what, f->found.s,
	        f->advice.n != 0 ? " - " : "", f->advice.s);
}

static void
put_finding(struct buf *b, const struct finding *f)
{
	json_write_open(b, NULL);
	json_write_text(b, "level", finding_levels[f->level]);
	json_write_text(b, "what", f->what);
	json_write_text(b, "found", f->found.s);
	json_write_text(b, "advice", f->advice.n != 0 ? f->advice.s : NULL);
	json_write_close(b);
}

static void
put_known(struct buf *b, const char *name, enum known known)
{
	if (known == KNOWN_NOT)
		json_write_null(b, name);
	else
		json_write_flag(b, name, known == KNOWN_YES);
}

static void
put_facts(struct buf *b, const struct contact_facts *f)
{
	json_write_text(b, "version", f->version);
	json_write_int_or_null(b, "clock_offset_ms", f->has_clock, f->offset_ms);
	json_write_text(b, "user", f->user);
	json_write_text(b, "roles", f->roles);
	json_write_when(b, "expires_at", f->end);
	json_write_int_or_null(b, "workspaces", f->counted != CONTACT_UNKNOWN, f->counted);
	json_write_int_or_null(b, "hidden", f->counted != CONTACT_UNKNOWN, f->counted - f->seen);
	json_write_open(b, "may");
	json_write_text(b, "read", reach_names[f->read]);
	json_write_text(b, "stop", reach_names[f->stop]);
	json_write_text(b, "update", reach_names[f->update]);
	json_write_text(b, "start", reach_names[f->start]);
	json_write_close(b);
	put_known(b, "scheduling", f->scheduling);
	put_known(b, "groups", f->groups);
	json_write_int_or_null(b, "provisioners_live", f->live != CONTACT_UNKNOWN, f->live);
}

static void
put_json(struct buf *b, const struct contact_facts *f, const struct findings *all, bool ok)
{
	size_t i;

	json_write_open(b, NULL);
	json_write_int(b, "format", 1);
	json_write_text(b, "url", f->origin);
	json_write_flag(b, "ok", ok);
	put_facts(b, f);
	json_write_array(b, "findings");
	for (i = 0; i < all->n; i++)
		put_finding(b, &all->item[i]);
	json_write_array_end(b);
	json_write_close(b);
	buf_putc(b, '\n');
}

static int
tell(const struct contact_facts *f, bool json)
{
	static const char *const name[] = { "ok", "to look at", "failed" };
	struct findings          all;
	struct ndjson_out        out;
	struct buf               b;
	size_t                   n[3] = { 0, 0, 0 }, i;
	bool                     ok = contact_judge(f, &all);
	int                      status;

	buf_init(&b, BUF_RECORD_MAX);
	if (json)
		put_json(&b, f, &all, ok);
	for (i = 0; i < all.n; i++) {
		n[all.item[i].level]++;
		if (!json)
			put_line(&b, &all.item[i]);
	}
	memset(&out, 0, sizeof(out));
	ndjson_out_open(&out, STDOUT_FILENO);
	ndjson_raw(&out, b.p, b.n);
	status = ndjson_finish(&out, ok ? CWS_OK : CWS_FAIL);
	diag_say("%zu %s, %zu %s, %zu %s", n[0], name[0], n[1], name[1], n[2], name[2]);
	buf_release(&b);
	return status;
}

static int
check(const struct login *login, const struct api_options *api, bool json,
        const volatile sig_atomic_t *signals)
{
	struct server  server = { .signals = signals, .deadline_ms = api->deadline_ms };
	struct contact contact;
	struct err     err;
	int            status = CWS_FAIL;

	server.api = api_new(login, api, &err);
	if (server.api == NULL)
		diag_error("%s", err.text);
	else if (contact_ask(&contact, &server, login))
		status = tell(&contact.facts, json);
	else if (*signals == 0)
		diag_error("%s: the deadline came before all was answered", login->origin);
	api_free(server.api);
	return status;
}

int
check_run(const struct check_run *c, const struct fetch_run *f, const char *prog)
{
	int64_t            patience_s = f->deadline_s < DEADLINE_S ? f->deadline_s : DEADLINE_S;
	char               agent[64];
	struct api_options api = { .user_agent = agent, .jobs = 1, .own_ms = OWN_MS };
	struct login       login;
	struct err         err;
	int                status;

	snprintf(agent, sizeof(agent), "cws/" CWS_VERSION " (%s)", prog);
	if (login_open(&login, &f->login, &err) != 0) {
		diag_error("%s", err.text);
		status = (int)err.status;
	} else {
		api.deadline_ms = clock_mono_ms() + patience_s * 1000;
		status = check(&login, &api, c->json, signals_catch());
	}
	login_release(&login);
	signals_end();
	return status;
}
