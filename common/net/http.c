/*
 * http.c - one origin, a fixed number of reused easy handles, one multi handle.
 *
 * How a request is sent is in http_setup.c, what its end means in http_ended.c.
 */

#include "net/http_priv.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/xalloc.h"

#define TURN_MAX_MS 1000
/* a wait that took so much longer than it was to: the process stood still */
#define LATE_MS 100

struct http *
http_new(const struct http_peer *peer, int jobs, struct err *err)
{
	struct http *h = xcalloc(1, sizeof(*h));
	int          i;

	h->peer = *peer;
	h->jobs = jobs;
	h->slot = xcalloc((size_t)jobs, sizeof(*h->slot));
	/* libcurl speaks HTTP/1.1 in clear */
	h->multiplex = strncmp(peer->origin, "https:", 6) == 0;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		goto fail;
	h->multi = curl_multi_init();
	if (h->multi == NULL || !http_make_headers(h))
		goto fail;
	/*
	 * A connection for each request in flight: work parked inside libcurl would burn its own
	 * timeout.
	 */
	if (curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)jobs) != CURLM_OK)
		goto fail;
	h->looked_ms = clock_mono_ms();
	for (i = 0; i < jobs; i++) {
		h->slot[i].http = h;
		h->slot[i].easy = curl_easy_init();
		if (h->slot[i].easy == NULL)
			goto fail;
		reply_init(&h->slot[i].reply);
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

		if (s->busy && s->refused == CURLE_OK)
			curl_multi_remove_handle(h->multi, s->easy);
		curl_easy_cleanup(s->easy);
		reply_release(&s->reply);
		slot_clear(s);
	}
	if (h->multi != NULL)
		curl_multi_cleanup(h->multi);
	http_free_headers(h);
	curl_global_cleanup();
	free(h->other);
	free(h->slot);
	free(h);
}

int
http_idle(const struct http *h)
{
	return h->jobs - h->busy;
}

void
http_start(struct http *h, const struct http_request *req, http_done *done, void *arg)
{
	struct slot *s = h->slot;

	while (s->busy)
		s++;
	reply_begin(&s->reply, req->max);
	slot_clear(s);
	s->method = xstrdup(req->method);
	s->path = xstrdup(req->path);
	s->done = done;
	s->may_send = req->may_send;
	s->arg = arg;
	s->attempt = req->attempt;
	s->withheld = s->again = false;
	s->began_ms = clock_mono_ms();
	s->busy = true;
	h->busy++;
	s->begun = false;
	s->error[0] = '\0';
	s->refused = h->broken == CURLM_OK ? http_setup(h, s, req) : CURLE_FAILED_INIT;
	if (s->refused == CURLE_OK && curl_multi_add_handle(h->multi, s->easy) != CURLM_OK)
		s->refused = CURLE_FAILED_INIT;
}

static void
finish(struct http *h, struct slot *s, CURLcode rc)
{
	const struct http_reply r = http_ended(h, s, rc);

	if (curl_easy_getinfo(s->easy, CURLINFO_LOCAL_PORT, &s->port) == CURLE_OK)
		s->warm_ms = r.end == HTTP_ANSWERED ? clock_mono_ms() : INT64_MIN / 2;
	if (r.end == HTTP_ANSWERED)
		diag_trace("%s %s: HTTP %d, %lld ms, attempt %d", s->method, s->path, r.status,
		        (long long)r.took_ms, s->attempt);
	else
		diag_trace("%s %s: %s, %lld ms, attempt %d", s->method, s->path, r.fault,
		        (long long)r.took_ms, s->attempt);
	if (s->refused == CURLE_OK && curl_multi_remove_handle(h->multi, s->easy) != CURLM_OK)
		/* it stays in there, so this slot cannot be used again */
		h->broken = CURLM_INTERNAL_ERROR;
	s->done(s->arg, &r);
	reply_drop(&s->reply);
	s->busy = false;
	h->busy--;
}

static struct slot *
slot_of(struct http *h, const CURL *easy)
{
	struct slot *s = h->slot;

	while (s->easy != easy)
		s++;
	return s;
}

/* End those that libcurl refused, or with all everything: it will not move them on any more. */
static int
deliver_lost(struct http *h, bool all)
{
	int i, n = 0;

	for (i = 0; i < h->jobs; i++) {
		struct slot *s = &h->slot[i];

		if (!s->busy || (s->refused == CURLE_OK && !all))
			continue;
		finish(h, s, s->refused != CURLE_OK ? s->refused : CURLE_FAILED_INIT);
		n++;
	}
	return n;
}

/* Deliver what has ended; how many that were. */
static int
deliver(struct http *h)
{
	CURLMsg *msg;
	int      running, queued, n = deliver_lost(h, false);

	if (h->broken == CURLM_OK)
		h->broken = curl_multi_perform(h->multi, &running);
	h->looked_ms = clock_mono_ms();
	while ((msg = curl_multi_info_read(h->multi, &queued)) != NULL) {
		CURLcode     rc = msg->data.result;
		/* msg is gone once the handle is removed */
		struct slot *s = slot_of(h, msg->easy_handle);

		finish(h, s, rc);
		n++;
	}
	return h->broken == CURLM_OK ? n : n + deliver_lost(h, true);
}

void
http_end_acts(struct http *h)
{
	int i;

	for (i = 0; i < h->jobs; i++) {
		struct slot *s = &h->slot[i];

		if (!s->busy || http_is_get(s) || s->refused != CURLE_OK)
			continue;
		snprintf(s->error, sizeof(s->error), "no answer came before the run ended");
		finish(h, s, CURLE_OPERATION_TIMEDOUT);
	}
}

void
http_turn(struct http *h, int64_t wait_ms)
{
	int     wait;
	int64_t now;

	if (deliver(h) > 0 || wait_ms <= 0)
		return;
	wait = wait_ms < TURN_MAX_MS ? (int)wait_ms : TURN_MAX_MS;
	if (h->broken == CURLM_OK)
		h->broken = curl_multi_poll(h->multi, NULL, 0, wait, NULL);
	else
		poll(NULL, 0, wait); /* what waits for its time shall not do so in a hurry */
	/*
	 * What comes ends the wait; but while the process stood still it may have come at any time.
	 */
	now = clock_mono_ms();
	if (now - h->looked_ms <= wait + LATE_MS)
		h->looked_ms = now;
	deliver(h);
}
