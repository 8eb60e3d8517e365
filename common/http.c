/*
 * http.c - one origin, a fixed number of reused easy handles, one multi handle.
 *
 * All options of a request are set in setup() after a reset, so that nothing
 * leaks from a POST into a GET.  The libcurl behaviour that the choices rest on
 * was measured with 7.88.
 */

#include "http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "diag.h"
#include "wipe.h"
#include "xalloc.h"

#define CONNECT_MS   10000L
#define STALL_S      30L
#define TURN_MAX_MS  1000
#define BODY_KEEP    ((size_t)64 << 10) /* a larger buffer is given back when its reply is delivered */
#define AFTER_MAX_S  300

struct slot {
	CURL       *easy;
	struct buf  body;
	char       *method, *path;
	http_done  *done;
	void       *arg;
	int64_t     began_ms; /* clock_mono_ms */
	int         attempt;
	bool        busy;
	bool        refused;  /* libcurl did not take it; told by the next turn */
	char        version[64];
	char        location[512];
	char        fault[CURL_ERROR_SIZE + 64];
	char        error[CURL_ERROR_SIZE]; /* libcurl writes here */
};

struct http {
	const struct login *login;
	const char         *user_agent;
	CURLM              *multi;
	struct curl_slist  *get_headers, *act_headers;
	struct slot        *slot;
	int                 jobs, busy;
	bool                multiplex; /* an HTTP/2 connection is possible, as far as we know */
};

static void
wipe_list(struct curl_slist *list)
{
	struct curl_slist *s;

	for (s = list; s != NULL; s = s->next)
		wipe(s->data, strlen(s->data));
	curl_slist_free_all(list);
}

static bool
append(struct curl_slist **list, const char *header)
{
	struct curl_slist *more = curl_slist_append(*list, header);

	if (more == NULL)
		return false;
	*list = more;
	return true;
}

static bool
make_headers(struct http *h)
{
	const struct login *l = h->login;
	size_t              n = sizeof("Coder-Session-Token: ") + strlen(l->token), i;
	char               *token = xcalloc(n, 1);
	bool                ok;

	snprintf(token, n, "Coder-Session-Token: %s", l->token);
	ok = append(&h->get_headers, "Accept: application/json") && append(&h->get_headers, token) &&
	        append(&h->act_headers, "Accept: application/json") && append(&h->act_headers, token) &&
	        append(&h->act_headers, "Content-Type: application/json");
	for (i = 0; ok && i < l->headers; i++)
		ok = append(&h->get_headers, l->header[i]) && append(&h->act_headers, l->header[i]);
	wipe(token, n);
	free(token);
	return ok;
}

struct http *
http_new(const struct login *l, const char *user_agent, int jobs, struct err *err)
{
	struct http *h = xcalloc(1, sizeof(*h));
	int          i;

	h->login = l;
	h->user_agent = user_agent;
	h->jobs = jobs;
	h->slot = xcalloc((size_t)jobs, sizeof(*h->slot));
	h->multiplex = strncmp(l->origin, "https:", 6) == 0; /* libcurl speaks HTTP/1.1 in clear */
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		goto fail;
	h->multi = curl_multi_init();
	if (h->multi == NULL || !make_headers(h))
		goto fail;
	/* A connection for each request in flight: work parked inside libcurl would burn its own timeout. */
	curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)jobs);
	for (i = 0; i < jobs; i++) {
		h->slot[i].easy = curl_easy_init();
		if (h->slot[i].easy == NULL)
			goto fail;
		buf_init(&h->slot[i].body, BUF_BODY_MAX);
	}
	return h;
fail:
	http_free(h);
	err_set(err, CWS_FAIL, "cannot start libcurl");
	return NULL;
}

static void
slot_clear(struct slot *s)
{
	free(s->method);
	free(s->path);
	s->method = s->path = NULL;
}

void
http_free(struct http *h)
{
	int i;

	if (h == NULL)
		return;
	for (i = 0; i < h->jobs; i++) {
		struct slot *s = &h->slot[i];

		if (s->busy && !s->refused)
			curl_multi_remove_handle(h->multi, s->easy);
		curl_easy_cleanup(s->easy);
		buf_release(&s->body);
		slot_clear(s);
	}
	if (h->multi != NULL)
		curl_multi_cleanup(h->multi);
	wipe_list(h->get_headers);
	wipe_list(h->act_headers);
	curl_global_cleanup();
	free(h->slot);
	free(h);
}

int
http_idle(const struct http *h)
{
	return h->jobs - h->busy;
}

int
http_busy(const struct http *h)
{
	return h->busy;
}

/* No option of libcurl 7.88 bounds a decompressed or chunked body: count here. */
static size_t
on_body(char *p, size_t one, size_t n, void *arg)
{
	struct buf *b = arg;

	(void)one; /* always 1 */
	buf_put(b, p, n);
	return b->over ? 0 : n;
}

static long
clamp_ms(int64_t ms, long most)
{
	if (ms < 1)
		return 1; /* 0 would mean "no limit" */
	return ms < most ? (long)ms : most;
}

static void
setup(struct http *h, struct slot *s, const struct http_request *req)
{
	const struct login *l = h->login;
	CURL               *c = s->easy;
	bool                get = strcmp(req->method, "GET") == 0;
	struct buf          url;

	curl_easy_reset(c);
	buf_init(&url, BUF_RECORD_MAX);
	buf_printf(&url, "%s%s", l->origin, req->path);
	curl_easy_setopt(c, CURLOPT_URL, buf_text(&url));
	buf_release(&url);
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	curl_easy_setopt(c, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
	/* A redirect would carry the token along, and turn a POST into a GET that answers 200. */
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
	curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L); /* else one stuck name lookup holds up everybody */
#endif
	curl_easy_setopt(c, CURLOPT_PRIVATE, s);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, s->error);
	curl_easy_setopt(c, CURLOPT_USERAGENT, h->user_agent);
	curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, &s->body);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, clamp_ms(req->timeout_ms, CONNECT_MS));
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, clamp_ms(req->timeout_ms, 3600L * 1000));
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, STALL_S);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	/* The library looks at no environment variable for these; login.c did. */
	if (l->cacert != NULL)
		curl_easy_setopt(c, CURLOPT_CAINFO, l->cacert);
	if (l->capath != NULL)
		curl_easy_setopt(c, CURLOPT_CAPATH, l->capath);
	if (l->client_cert != NULL) {
		curl_easy_setopt(c, CURLOPT_SSLCERT, l->client_cert);
		curl_easy_setopt(c, CURLOPT_SSLKEY, l->client_key);
	}
	if (get) {
		curl_easy_setopt(c, CURLOPT_HTTPHEADER, h->get_headers);
		curl_easy_setopt(c, CURLOPT_PIPEWAIT, h->multiplex ? 1L : 0L);
		return;
	}
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, h->act_headers);
	/* On a reused connection that dies libcurl sends a POST again by itself and reports one success. */
	curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(c, CURLOPT_POST, 1L);
	curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, req->body != NULL ? (long)strlen(req->body) : 0L);
	curl_easy_setopt(c, CURLOPT_COPYPOSTFIELDS, req->body != NULL ? req->body : "");
	if (strcmp(req->method, "POST") != 0)
		curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, req->method);
}

void
http_start(struct http *h, const struct http_request *req, http_done *done, void *arg)
{
	struct slot *s = h->slot;

	while (s->busy)
		s++;
	buf_reset(&s->body);
	s->body.max = req->max;
	slot_clear(s);
	s->method = xstrdup(req->method);
	s->path = xstrdup(req->path);
	s->done = done;
	s->arg = arg;
	s->attempt = req->attempt;
	s->began_ms = clock_mono_ms();
	s->busy = true;
	h->busy++;
	s->error[0] = '\0';
	setup(h, s, req);
	s->refused = curl_multi_add_handle(h->multi, s->easy) != CURLM_OK;
}

/* The value of a reply's header, or NULL.  Borrowed from the handle. */
static const char *
header(CURL *c, const char *name)
{
	struct curl_header *found;

	if (curl_easy_header(c, name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK)
		return NULL;
	return found->value;
}

static bool
is_json(CURL *c)
{
	static const char want[] = "application/json";
	const size_t      n = sizeof(want) - 1;
	const char       *type = NULL;

	curl_easy_getinfo(c, CURLINFO_CONTENT_TYPE, &type);
	if (type == NULL || strlen(type) < n || !curl_strnequal(type, want, n))
		return false;
	return type[n] == '\0' || type[n] == ';' || type[n] == ' ';
}

/* The server's clock minus ours.  Date has whole seconds: half of one is the best guess for the rest. */
static void
read_date(CURL *c, struct http_reply *r)
{
	const char *date = header(c, "date");
	curl_off_t  total_us = 0, first_us = 0;
	time_t      at;

	if (date == NULL || (at = curl_getdate(date, NULL)) == (time_t)-1)
		return;
	curl_easy_getinfo(c, CURLINFO_TOTAL_TIME_T, &total_us);
	curl_easy_getinfo(c, CURLINFO_STARTTRANSFER_TIME_T, &first_us);
	r->has_date = true;
	r->offset_ms = (int64_t)at * 1000 + 500 - (clock_wall_us() - (total_us - first_us)) / 1000;
}

static void
read_answer(struct http *h, struct slot *s, struct http_reply *r)
{
	CURL       *c = s->easy;
	long        status = 0, protocol = 0;
	curl_off_t  after = 0;
	const char *text = NULL;

	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	r->status = (int)status;
	r->json = is_json(c);
	r->body = buf_text(&s->body);
	r->n = s->body.n;
	if (header(c, "retry-after") != NULL) {
		/* libcurl passes on a past date as a negative number and nonsense as 0 */
		curl_easy_getinfo(c, CURLINFO_RETRY_AFTER, &after);
		r->retry_after_s = after < 0 ? 0 : after > AFTER_MAX_S ? AFTER_MAX_S : (int64_t)after;
	}
	read_date(c, r);
	if ((text = header(c, "x-coder-build-version")) != NULL) {
		diag_clean(s->version, sizeof(s->version) - 1, text, strlen(text));
		r->version = s->version;
	}
	if (status >= 300 && status < 400) {
		curl_easy_getinfo(c, CURLINFO_REDIRECT_URL, &text);
		if (text != NULL) {
			diag_clean(s->location, sizeof(s->location) - 1, text, strcspn(text, "?#"));
			r->location = s->location;
		}
	}
	curl_easy_getinfo(c, CURLINFO_HTTP_VERSION, &protocol);
	if (protocol == CURL_HTTP_VERSION_1_0 || protocol == CURL_HTTP_VERSION_1_1)
		h->multiplex = false; /* waiting for a shared connection would only serialize */
}

/* How a transfer that libcurl calls failed is to be read. */
static enum http_end
failed_as(struct slot *s, CURLcode rc)
{
	bool get = strcmp(s->method, "GET") == 0;
	long sent = 0;

	if (s->body.over)
		return HTTP_TOO_BIG;
	/* The bytes of the request that went out; a name lookup or a handshake does not count. */
	curl_easy_getinfo(s->easy, CURLINFO_REQUEST_SIZE, &sent);
	if (!get && sent > 0)
		return HTTP_UNCLEAR;
	switch (rc) {
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_FAILED_INIT:
	case CURLE_URL_MALFORMAT:
	case CURLE_NOT_BUILT_IN:
	case CURLE_OUT_OF_MEMORY:
	case CURLE_WRITE_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CRL_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_SSL_CLIENTCERT:
		return HTTP_FATAL;
	default:
		return sent > 0 ? HTTP_UNCLEAR : HTTP_UNSENT;
	}
}

static void
finish(struct http *h, struct slot *s, CURLcode rc)
{
	struct http_reply r = { .end = HTTP_ANSWERED, .body = "", .fault = "", .retry_after_s = -1 };

	r.took_ms = clock_mono_ms() - s->began_ms;
	if (rc == CURLE_OK) {
		read_answer(h, s, &r);
		diag_trace("%s %s: HTTP %d, %lld ms, attempt %d", s->method, s->path, r.status,
		        (long long)r.took_ms, s->attempt);
	} else {
		r.end = failed_as(s, rc);
		if (r.end == HTTP_TOO_BIG)
			snprintf(s->fault, sizeof(s->fault), "the reply is larger than %zu MiB",
			        s->body.max >> 20);
		else
			snprintf(s->fault, sizeof(s->fault), "%s",
			        s->error[0] ? s->error : curl_easy_strerror(rc));
		r.fault = s->fault;
		diag_trace("%s %s: %s, %lld ms, attempt %d", s->method, s->path, r.fault,
		        (long long)r.took_ms, s->attempt);
	}
	curl_multi_remove_handle(h->multi, s->easy);
	s->done(s->arg, &r);
	if (s->body.cap > BODY_KEEP)
		buf_release(&s->body);
	s->busy = false;
	h->busy--;
}

/* Deliver what has ended; how many that were. */
static int
deliver(struct http *h)
{
	CURLMsg *msg;
	int      running, queued, i, n = 0;

	for (i = 0; i < h->jobs; i++)
		if (h->slot[i].busy && h->slot[i].refused) {
			finish(h, &h->slot[i], CURLE_FAILED_INIT);
			n++;
		}
	curl_multi_perform(h->multi, &running);
	while ((msg = curl_multi_info_read(h->multi, &queued)) != NULL) {
		CURLcode     rc = msg->data.result;
		CURL        *easy = msg->easy_handle; /* msg is gone once the handle is removed */
		char        *private = NULL;
		struct slot *s;

		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
		s = (struct slot *)(void *)private;
		finish(h, s, rc);
		n++;
	}
	return n;
}

void
http_turn(struct http *h, int64_t wait_ms)
{
	if (deliver(h) > 0 || wait_ms <= 0)
		return;
	if (curl_multi_poll(h->multi, NULL, 0, (int)clamp_ms(wait_ms, TURN_MAX_MS), NULL) == CURLM_OK)
		deliver(h);
}
