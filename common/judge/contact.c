/* contact.c - facts of a first contact to findings. */

#include "judge/contact.h"

#include <string.h>

#define CLOCK_WARN_MS (60 * INT64_C(1000))
#define CLOCK_FAIL_MS (5 * CLOCK_WARN_MS) /* cws-stop and cws-start then refuse -x */
#define END_WARN_US (3 * INT64_C(86400) * 1000000)
#define TRIED_MAJOR 2
#define TRIED_MINOR 31
#define COUNTED_MINOR 9 /* before it a page beyond the end had no count */
#define WANTS_LOGIN "check the URL; a proxy that wants a login is passed with CODER_HEADER_COMMAND"
#define FAILS "somebody answers and fails: look at Coder, its database and what stands before it"

const char *const reach_names[] = { NULL, "none", "own", "others" };
const char *const finding_levels[] = { "ok", "warn", "fail" };

/* A new finding, all right so far; its sentence begins with these words. */
static struct finding *
add(struct findings *out, const char *what, const char *found)
{
	struct finding *f = &out->item[out->n++];

	f->level = FINDING_OK;
	f->what = what;
	text_clear(&f->found);
	text_clear(&f->advice);
	text_put(&f->found, found);
	return f;
}

static void
advise(struct finding *f, enum finding_level level, const char *advice)
{
	f->level = level;
	text_put(&f->advice, advice);
}

/* The first advice whose words are in the fault; "" where the fault itself says what to do. */
static const char *
advice_on(const char *fault)
{
	static const struct {
		const char *words, *advice;
	} known[] = {
		{ "redirects to ", "" },
		{ " at this port: use ", "" },
		{ "its certificate", "" },
		{ "CODER_CLIENT_TLS_", "" },
		{ "the proxy ", "look at https_proxy, http_proxy and no_proxy" },
		{ "HTTP 5", FAILS },
		{ "internal error", FAILS }, /* with 401 too: coder-api 1.3 */
		{ "esolv", "check the name in the URL, and this machine's DNS" },
		{ "ertificate", "trust the CA that signed it: --cacert FILE" },
		{ "no JSON", WANTS_LOGIN },
		{ "HTTP 401: not", WANTS_LOGIN },
		{ "HTTP 403: not", WANTS_LOGIN },
		{ "onnect", "check the host and the port in the URL, and that Coder runs" },
		{ "timed out", "check the host and the port in the URL, and what is on the way" },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strstr(fault, known[i].words) != NULL)
			return known[i].advice;
	return "check the URL: its name, its port, and whether it is http or https";
}

/* The number at *s, moved behind it; -1 where there is none. */
static int
number_at(const char **s)
{
	int n = **s >= '0' && **s <= '9' ? 0 : -1;

	for (; **s >= '0' && **s <= '9' && n < 100000; (*s)++)
		n = n * 10 + (**s - '0');
	return n;
}

/* "v2.31.14" is how much newer than 2.minor, in minor versions; far above for another major. */
static int
newer_than(const char *version, int minor)
{
	int major, n;

	version += *version == 'v';
	major = number_at(&version);
	if (major < 0 || *version++ != '.' || (n = number_at(&version)) < 0)
		return 0; /* it does not say */
	return major == TRIED_MAJOR ? n - minor : (major - TRIED_MAJOR) * 1000;
}

static bool
judge_server(const struct contact_facts *f, struct findings *out)
{
	struct finding *s;

	if (f->unreachable != NULL) {
		s = add(out, "server", f->unreachable);
		advise(s, FINDING_FAIL, advice_on(f->unreachable));
		return false;
	}
	if (f->is_proxy) {
		s = add(out, "server", f->origin);
		text_put(&s->found, " is a workspace proxy, not Coder itself");
		advise(s, FINDING_FAIL, "set the URL to ");
		text_put(&s->advice,
		        f->dashboard != NULL ? f->dashboard : "that of Coder's dashboard");
		return false;
	}
	s = add(out, "server", "Coder ");
	text_put(&s->found, f->version != NULL ? f->version : "of an unknown version");
	text_put(&s->found, " at ");
	text_put(&s->found, f->origin);
	if (f->version != NULL && newer_than(f->version, COUNTED_MINOR) < 0)
		advise(s, FINDING_FAIL,
		        "it cannot be listed whole: versions before v2.9 do not count each page");
	else if (f->version != NULL && newer_than(f->version, TRIED_MINOR) < 0)
		advise(s, FINDING_WARN,
		        "older than v2.31, with which cws was tried: look at some "
		        "dry runs first");
	return true;
}

static void
judge_clock(const struct contact_facts *f, struct findings *out)
{
	int64_t         off_ms = f->offset_ms < 0 ? -f->offset_ms : f->offset_ms;
	struct finding *c;

	if (!f->has_clock) {
		c = add(out, "clock", "the server does not tell its time");
		advise(c, FINDING_WARN,
		        "a proxy on the way drops the header Date, or answers from a cache");
		return;
	}
	c = add(out, "clock", "this clock is ");
	if (off_ms < 1500) {
		text_put(&c->found, "the server's");
		return;
	}
	text_span(&c->found, off_ms / 1000);
	text_put(&c->found, f->offset_ms < 0 ? " ahead of" : " behind");
	text_put(&c->found, " the server's");
	if (off_ms > CLOCK_FAIL_MS)
		advise(c, FINDING_FAIL, "set it: cws-stop and cws-start refuse -x beyond 5m");
	else if (off_ms > CLOCK_WARN_MS)
		advise(c, FINDING_WARN, "set it");
}

static bool
judge_token(const struct contact_facts *f, struct findings *out)
{
	struct finding *t;

	if (f->refused != NULL) {
		t = add(out, "token", f->refused);
		if (strstr(f->refused, "not active") != NULL) {
			advise(t, FINDING_FAIL, "have its user activated, or take another's");
			return false;
		}
		advise(t, FINDING_FAIL, "make a new one: coder tokens create, or coder login ");
		text_put(&t->advice, f->origin);
		return false;
	}
	if (f->user == NULL) {
		t = add(out, "token", "whose it is cannot be read: it lacks user:read");
		advise(t, FINDING_WARN, "make one with that scope: a stop asks for it too");
		return true;
	}
	t = add(out, "token", f->user);
	text_put(&t->found, f->roles[0] != '\0' ? ", " : ", no role of the site's");
	text_put(&t->found, f->roles);
	return true;
}

static void
judge_end(const struct contact_facts *f, struct findings *out)
{
	struct finding *e;
	int64_t         left_us = sub_sat(f->end.us, f->now.us);

	if (!f->has_end) {
		e = add(out, "expiry", "when the token expires cannot be read");
		advise(e, FINDING_WARN, "give it api_key:read and user:read to see that");
		return;
	}
	if (!f->end.known) {
		add(out, "expiry", "the token does not expire");
		return;
	}
	e = add(out, "expiry", "the token expires in ");
	text_span(&e->found, left_us > 0 ? left_us / 1000000 : 0);
	text_put(&e->found, ", ");
	text_instant(&e->found, f->end.us);
	if (f->is_session)
		text_put(&e->found, "; it is a login's, which use prolongs");
	else if (left_us < END_WARN_US)
		advise(e, FINDING_WARN, "make a new one before that: coder tokens create");
}

static void
put_count(struct text *t, int64_t n, const char *one, const char *more)
{
	text_int(t, n);
	text_put(t, n == 1 ? one : more);
}

static void
judge_list(const struct contact_facts *f, struct findings *out)
{
	struct finding *l;

	if (f->unlisted != NULL) {
		l = add(out, "cws-fetch", f->unlisted);
		if (f->read == REACH_NONE)
			advise(l, FINDING_FAIL, "make a token with workspace:read too");
		else
			advise(l, FINDING_FAIL, "no list, so nothing to judge or stop");
		return;
	}
	l = add(out, "cws-fetch", "");
	if (f->seen < f->counted) {
		text_int(&l->found, f->counted - f->seen);
		text_put(&l->found, " of ");
		put_count(&l->found, f->counted, " workspace is hidden", " workspaces are hidden");
		advise(l, FINDING_FAIL,
		        "make a token with template:read too, of a user who may "
		        "use those templates");
		return;
	}
	text_put(&l->found, "lists ");
	put_count(&l->found, f->seen, " workspace", " workspaces");
	text_put(&l->found, ", none hidden");
	if (f->read == REACH_OWN)
		text_put(&l->found, "; its user reads others' only where they are shared");
}

/* What is asked for beside the deed itself, of the token's scopes. */
static void
put_scopes(struct text *t, const struct contact_facts *f, enum reach reach, const char *scope)
{
	const char *missing[3];
	size_t      n = 0, i;

	if (reach == REACH_NONE)
		missing[n++] = scope;
	if (f->counted > 0 && f->seen == 0)
		missing[n++] = "template:read";
	if (f->user == NULL)
		missing[n++] = "user:read";
	for (i = 0; i < n; i++) {
		text_put(t, i == 0 ? "" : i + 1 == n ? " and " : ", ");
		text_put(t, missing[i]);
	}
}

static void
judge_deed(const struct contact_facts *f, const char *what, enum reach reach, const char *scope,
        struct findings *out)
{
	struct finding *d = add(out, what, "");
	struct text     scopes;

	text_clear(&scopes);
	put_scopes(&scopes, f, reach, scope);
	if (scopes.n != 0) {
		text_put(&d->found, "the token lacks ");
		text_put(&d->found, scopes.s);
		advise(d, FINDING_WARN, "make a token with that too, where this is wanted");
	} else if (reach == REACH_UNKNOWN) {
		text_put(&d->found, "what the token may do cannot be asked");
		advise(d, FINDING_WARN, "try a dry run, then one workspace");
	} else if (reach == REACH_OWN) {
		text_put(&d->found, "may, with workspaces of its own user alone");
		advise(d, FINDING_WARN,
		        "where others' are meant, take a user who is organization-admin or owner");
	} else {
		text_put(&d->found, "may, with others' workspaces too");
	}
}

static void
judge_licence(const struct contact_facts *f, struct findings *out)
{
	struct finding *l;

	if (f->scheduling == KNOWN_NOT) {
		l = add(out, "licence", "what it enables cannot be read");
		advise(l, FINDING_WARN, "facts of the licence will be null in the records");
		return;
	}
	l = add(out, "licence",
	        f->scheduling == KNOWN_YES
	                ? "owners' quiet hours, dormancy, the templates' scheduling"
	                : "no owners' quiet hours, dormancy or templates' scheduling");
	text_put(&l->found, f->groups == KNOWN_YES ? "; groups" : "; no groups");
	if (f->scheduling == KNOWN_NO)
		text_put(&l->found, "; the hours of cws-quiet itself need none");
}

static void
judge_builders(const struct contact_facts *f, struct findings *out)
{
	struct finding *p;

	if (f->live == CONTACT_UNKNOWN) {
		add(out, "provisioners",
		        "only a token without scopes, of an owner or organization-admin, reads "
		        "them");
		return;
	}
	p = add(out, "provisioners", "");
	put_count(&p->found, f->live, " lives", " live");
	if (f->live == 0)
		advise(p, FINDING_WARN, "nothing will be stopped or started before one does");
}

bool
contact_judge(const struct contact_facts *f, struct findings *out)
{
	struct finding *r;
	size_t          i;

	out->n = 0;
	if (!judge_server(f, out))
		return false;
	judge_clock(f, out);
	if (!judge_token(f, out))
		return false;
	judge_end(f, out);
	judge_list(f, out);
	judge_deed(f, "cws-stop", f->stop, "workspace:stop", out);
	judge_deed(f, "cws-stop --soft", f->update, "workspace:update", out);
	judge_deed(f, "cws-start", f->start, "workspace:start", out);
	judge_licence(f, out);
	judge_builders(f, out);
	if (f->has_reminders) {
		r = add(out, "reminders",
		        f->reminding[0] != '\0' ? "templates that remind owners: "
		                                : "no template reminds owners");
		text_put(&r->found, f->reminding);
	}
	for (i = 0; i < out->n; i++)
		if (out->item[i].level == FINDING_FAIL)
			return false;
	return true;
}
