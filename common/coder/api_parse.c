/* api_parse.c - what the API's replies say: faults for people, users, builds. */

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/json_scan.h"
#include "base/uuid.h"
#include "coder/api.h"
#include "coder/redirect.h"

#define FOREIGN_MAX 300 /* bytes of the server's text in one message */

/*
 * The first JSON value of a body: a fault in the server can put two into one.  NULL when it is no
 * object.
 */
static cJSON *
parse(const char *body, size_t n)
{
	cJSON *o = cJSON_ParseWithLengthOpts(body, n, NULL, 0);

	if (o != NULL && !cJSON_IsObject(o)) {
		cJSON_Delete(o);
		return NULL;
	}
	return o;
}

static const char *
text_of(const cJSON *o, const char *name)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, name));
}

/* Append ": text" without the full stop the server ends its sentences with. */
static void
add_sentence(struct buf *b, const char *text)
{
	size_t n = text != NULL ? strlen(text) : 0;

	if (n > 0 && text[n - 1] == '.')
		n--;
	if (n == 0)
		return;
	buf_puts(b, ": ");
	buf_put(b, text, n);
}

/* "message: detail: validation: ..." of Coder's own error, or nothing. */
static void
add_words(struct buf *b, const struct http_reply *r)
{
	cJSON       *o = r->json ? parse(r->body, r->n) : NULL;
	const cJSON *v;

	if (text_of(o, "message") != NULL) {
		add_sentence(b, text_of(o, "message"));
		add_sentence(b, text_of(o, "detail"));
		cJSON_ArrayForEach (v, cJSON_GetObjectItemCaseSensitive(o, "validations"))
			add_sentence(b, text_of(v, "detail"));
	}
	cJSON_Delete(o);
}

void
api_fault(const struct http_reply *r, char *out, size_t size)
{
	struct buf  b;
	char        foreign[FOREIGN_MAX + 1];
	const char *text;

	if (r->end != HTTP_ANSWERED) {
		snprintf(out, size, "%s", r->fault);
		return;
	}
	if (r->status >= 300 && r->status < 400) {
		redirect_say(r->status, r->location, out, size);
		return;
	}
	if (r->status < 300) {
		snprintf(out, size, "HTTP %d, but %s", r->status,
		        r->json ? "not what Coder answers here"
		                : "no JSON: a login page, or not Coder's URL?");
		return;
	}
	buf_init(&b, BUF_RECORD_MAX);
	add_words(&b, r);
	text = buf_text(&b);
	diag_clean(foreign, FOREIGN_MAX, text, strlen(text));
	snprintf(out, size, "HTTP %d%s%s", r->status, foreign,
	        b.n > 0 ? "" : ": not an answer of Coder's");
	buf_release(&b);
}

bool
api_fact(const struct http_reply *r, char *fault, size_t size)
{
	bool        here = http_ok(r);
	const char *torn;

	if (fault[0] != '\0' || api_says(r, 403) || api_says(r, 404))
		return here;
	if (!here)
		api_fault(r, fault, size);
	else if ((torn = json_scan_fault(r->body, r->n)) != NULL)
		snprintf(fault, size, "a reply cannot be read: %s", torn);
	return here;
}

bool
api_is_coder(const struct http_reply *r)
{
	cJSON *o = r->json ? parse(r->body, r->n) : NULL;
	bool   yes = text_of(o, "message") != NULL && r->version != NULL;

	cJSON_Delete(o);
	return yes;
}

bool
api_says(const struct http_reply *r, int status)
{
	return r->status == status && api_is_coder(r);
}

int
api_licensed(const struct http_reply *r, const char *feature)
{
	struct slice body = { r->body, r->n }, features;

	if (api_says(r, 404))
		return 0;
	features = json_scan_find(body, "features");
	if (!http_ok(r) || features.p == NULL || features.p[0] != '{')
		return -1;
	return slice_is_true(json_scan_find(json_scan_find(features, feature), "enabled"));
}

/* Does this member of Coder's error begin so? */
static bool
begins(const struct http_reply *r, const char *member, const char *words)
{
	cJSON      *o = r->json ? parse(r->body, r->n) : NULL;
	const char *text = text_of(o, member);
	bool        yes = text != NULL && strncmp(text, words, strlen(words)) == 0;

	cJSON_Delete(o);
	return yes;
}

/* Source: Coder v2.31 coderd/httpmw/apikey.go. */
bool
api_means_token(const struct http_reply *r)
{
	return r->status == 401 && (begins(r, "message", "You are signed out") ||
	                                   begins(r, "message", "User is not active"));
}

bool
api_lacks_permission(const struct http_reply *r)
{
	if (r->status < 500)
		return false;
	/* The second, of PUT extend, has no detail that would say so. */
	return strstr(r->body, "rbac: forbidden") != NULL ||
	       begins(r, "message", "Failed to extend workspace deadline.");
}

bool
api_is_own_fault(const struct http_reply *r)
{
	if (r->status != 401 && r->status < 500)
		return false;
	return api_is_coder(r) && !api_means_token(r) && !api_lacks_permission(r);
}

const char *
api_missing_scope(const struct http_reply *r)
{
	/* Source: Coder v2.31 coderd/workspacebuilds.go, wsbuilder.go, workspaces.go. */
	static const struct {
		int         status;
		const char *member, *words, *scope;
	} refusal[] = {
		{ 403, "message", "You do not have permission to stop", "workspace:stop" },
		{ 403, "message", "You do not have permission to start", "workspace:start" },
		{ 403, "message", "You do not have permission to update", "workspace:update" },
		/* of a workspace whose template is hidden */
		{ 403, "message", "Forbidden.", "template:read" },
		{ 400, "detail", "Failed to fetch workspace owner", "user:read" },
		{ 500, "message", "failed to fetch template", "template:read" },
		{ 500, "message", "Failed to extend workspace deadline.", "workspace:update" },
	};
	size_t i;

	if (!api_is_coder(r) || (r->status >= 500 && !api_lacks_permission(r)))
		return NULL;
	for (i = 0; i < sizeof(refusal) / sizeof(refusal[0]); i++)
		if (r->status == refusal[i].status &&
		        begins(r, refusal[i].member, refusal[i].words))
			return refusal[i].scope;
	return NULL;
}

enum retry_class
api_retry_class(const struct http_reply *r)
{
	/* A body that ends with its connection passes for whole; only its JSON tells. */
	if (http_ok(r) && json_scan_fault(r->body, r->n) != NULL)
		return RETRY_ONCE;
	if (api_lacks_permission(r) || api_means_token(r))
		return RETRY_NO;
	if (api_is_own_fault(r))
		return RETRY_LONG;
	return r->status == 401 ? RETRY_ONCE : retry_read(r->end, r->status);
}

/* A text member that fits, or -1. */
static int
copy(const cJSON *o, const char *name, char *out, size_t size)
{
	const char *s = text_of(o, name);

	if (s == NULL || strlen(s) >= size)
		return -1;
	memcpy(out, s, strlen(s) + 1);
	return 0;
}

/* An integral member, or -1.  Above 2^53 a double is no integer any more. */
static int
number(const cJSON *o, const char *name, int64_t *out)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(o, name);
	double       d;

	if (!cJSON_IsNumber(item))
		return -1;
	d = item->valuedouble;
	if (!(d >= -9007199254740991.0 && d <= 9007199254740991.0))
		return -1;
	*out = (int64_t)d;
	return (double)*out < d || (double)*out > d ? -1 : 0;
}

static void
add_role(struct api_me *me, const char *name)
{
	size_t used = strlen(me->roles);
	char   clean[64];

	me->site_owner = me->site_owner || strcmp(name, "owner") == 0;
	diag_clean(clean, sizeof(clean) - 1, name, strlen(name));
	snprintf(me->roles + used, sizeof(me->roles) - used, "%s%s", used > 0 ? ", " : "", clean);
}

int
api_me_parse(const char *body, size_t n, struct api_me *me)
{
	cJSON       *o = parse(body, n);
	const cJSON *role, *org;
	const char  *name;
	int          ret = -1;

	memset(me, 0, sizeof(*me));
	if (copy(o, "id", me->id, sizeof(me->id)) == 0 && uuid_is_plain(me->id)) {
		if ((name = text_of(o, "username")) != NULL)
			diag_clean(me->name, sizeof(me->name) - 1, name, strlen(name));
		cJSON_ArrayForEach (role, cJSON_GetObjectItemCaseSensitive(o, "roles"))
			if ((name = text_of(role, "name")) != NULL)
				add_role(me, name);
		cJSON_ArrayForEach (org, cJSON_GetObjectItemCaseSensitive(o, "organization_ids"))
			if (me->orgs < API_ME_ORGS && (name = cJSON_GetStringValue(org)) != NULL &&
			        uuid_is_plain(name))
				memcpy(me->org[me->orgs++], name, strlen(name) + 1);
		ret = 0;
	}
	cJSON_Delete(o);
	return ret;
}

static int
read_build(const cJSON *o, struct api_build *b)
{
	const cJSON *job = cJSON_GetObjectItemCaseSensitive(o, "job");
	const char  *error = text_of(job, "error");

	memset(b, 0, sizeof(*b));
	if (copy(o, "id", b->id, sizeof(b->id)) != 0 || !uuid_is_plain(b->id) ||
	        number(o, "build_number", &b->number) != 0 ||
	        copy(o, "transition", b->transition, sizeof(b->transition)) != 0 ||
	        copy(o, "initiator_id", b->initiator_id, sizeof(b->initiator_id)) != 0 ||
	        copy(job, "status", b->job_status, sizeof(b->job_status)) != 0)
		return -1;
	if (copy(o, "workspace_id", b->workspace_id, sizeof(b->workspace_id)) != 0)
		b->workspace_id[0] = '\0';
	if (copy(o, "reason", b->reason, sizeof(b->reason)) != 0)
		b->reason[0] = '\0';
	if (error != NULL)
		diag_clean(b->job_error, sizeof(b->job_error) - 1, error, strlen(error));
	b->has_queue = number(job, "queue_position", &b->queue_position) == 0 &&
	               number(job, "queue_size", &b->queue_size) == 0 && b->queue_position >= 0 &&
	               b->queue_size >= 0;
	return 0;
}

int
api_build_parse(const char *body, size_t n, struct api_build *b)
{
	cJSON *o = parse(body, n);
	int    ret = read_build(o, b);

	cJSON_Delete(o);
	return ret;
}

int
api_builds_parse(const char *body, size_t n, struct api_build *b, size_t max)
{
	cJSON       *list = cJSON_ParseWithLengthOpts(body, n, NULL, 0);
	const cJSON *o;
	size_t       got = 0;
	bool         ok = cJSON_IsArray(list);

	cJSON_ArrayForEach (o, list)
		if (ok && got < max)
			ok = read_build(o, &b[got++]) == 0;
	cJSON_Delete(list);
	return ok ? (int)got : -1;
}

int
api_latest_parse(const char *body, size_t n, api_each_latest *each, void *arg)
{
	cJSON           *o = parse(body, n);
	const cJSON     *list = cJSON_GetObjectItemCaseSensitive(o, "workspaces"), *workspace;
	struct api_build b;
	int              status = cJSON_IsArray(list) ? 0 : -1;

	cJSON_ArrayForEach (workspace, list) {
		const char *id = text_of(workspace, "id");

		if (id != NULL &&
		        read_build(cJSON_GetObjectItemCaseSensitive(workspace, "latest_build"),
		                &b) == 0)
			each(arg, id, &b);
	}
	cJSON_Delete(o);
	return status;
}

int64_t
api_count_parse(const char *body, size_t n)
{
	cJSON       *o = parse(body, n);
	const cJSON *rows = cJSON_GetObjectItemCaseSensitive(o, "workspaces");
	int64_t      count;

	if (!cJSON_IsArray(rows) || number(o, "count", &count) != 0 ||
	        count < cJSON_GetArraySize(rows))
		count = -1;
	cJSON_Delete(o);
	return count;
}
