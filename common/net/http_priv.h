/*
 * http_priv.h - a client and its transfers: for http.c, which turns them, http_setup.c, which says
 * how each is sent, and http_ended.c, which says what each ended as.  Nobody else includes it.
 */

#ifndef CWS_HTTP_PRIV_H
#define CWS_HTTP_PRIV_H

#include <curl/curl.h>
#include <string.h>

#include "net/http.h"
#include "net/reply.h"

/* One transfer after the other over one easy handle. */
struct slot {
	struct http   *http;
	CURL          *easy;
	struct reply   reply;
	char          *method, *path;
	http_done     *done;
	http_may_send *may_send;
	void          *arg;
	int64_t        began_ms; /* clock_mono_ms, like all of these */
	int            attempt;
	/* the last connection that it had, and when an answer came over it */
	long           port;
	int64_t        warm_ms;
	bool           busy;
	CURLcode       refused; /* why libcurl did not take it; told by the next turn */
	bool           begun; /* the connection stood, so that bytes of the request may have left */
	/* of a POST or PUT: may_send() said no; libcurl was about to send it once more */
	bool           withheld, again;
	char           fault[CURL_ERROR_SIZE + 128];
	char           error[CURL_ERROR_SIZE]; /* libcurl writes here */
};

/* The lists are what a GET, one past any cache, and an act are sent with. */
struct http {
	struct http_peer   peer;
	CURLM             *multi;
	struct curl_slist *get_headers, *anew_headers, *act_headers;
	struct slot       *slot;
	int                jobs, busy;
	/* libcurl looked at its connections last then: what it finds next came later */
	int64_t            looked_ms;
	CURLMcode          broken; /* why the multi handle is of no use any more */
	bool               met;    /* an answer came, so that the peer speaks what we speak */
	int                asks;   /* how often it was asked what else it speaks */
	char *other;     /* the origin with the scheme that it speaks, NULL: not known; owned */
	bool  multiplex; /* an HTTP/2 connection is possible, as far as we know */
};

/* Else it is an act: a POST or a PUT. */
static inline bool
http_is_get(const struct slot *s)
{
	return strcmp(s->method, "GET") == 0;
}

/* http_make_headers - fill the lists, which were empty; false: no memory. */
bool
http_make_headers(struct http *h);

/* http_free_headers - wipes them too: they hold secrets. */
void
http_free_headers(struct http *h);

/*
 * http_setup - make the handle of s as new and set all options of req, which is needed no longer
 * then.  With anything but CURLE_OK the request must not go out.
 */
CURLcode
http_setup(struct http *h, struct slot *s, const struct http_request *req);

/*
 * http_ended - what the transfer of s ended as, which libcurl calls rc; it borrows from s.  Called
 * once a transfer, while its handle is as libcurl left it: h learns from it what the peer speaks.
 */
struct http_reply
http_ended(struct http *h, struct slot *s, CURLcode rc);

#endif
