/*
 * reply.h - one reply while it comes, within its ceilings, and what it says once it is whole.
 *
 * The reading half of http.c; http_priv.h alone includes this.
 */

#ifndef CWS_REPLY_H
#define CWS_REPLY_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "net/http.h"

/* What has come of a reply, and the texts that a struct http_reply borrows. */
struct reply {
	struct buf body;
	size_t     head;     /* bytes of headers and trailers */
	int64_t    heard_ms; /* clock_mono_ms: its first byte came no earlier; 0: none did */
	char       version[64];
	char       location[512];
};

void
reply_init(struct reply *in);
void
reply_release(struct reply *in);

/* reply_begin - nothing has come yet.  max: ceiling of the body after decompression, bytes. */
void
reply_begin(struct reply *in, size_t max);

/* reply_on_body - for CURLOPT_WRITEFUNCTION; arg: the struct reply. */
size_t
reply_on_body(char *p, size_t one, size_t n, void *arg);

/* reply_take_header - n bytes of a header or a trailer came; false when those are too many. */
bool
reply_take_header(struct reply *in, size_t n);

/* reply_excess - which ceiling it passed, for a person; false when it passed none. */
bool
reply_excess(const struct reply *in, char *out, size_t size);

/*
 * reply_read - what the reply of an ended transfer says, into out, which borrows from in and was
 * empty.  version_header: as in struct http_peer.  Anything but CURLE_OK makes the transfer a
 * failed one, with words in error, of CURL_ERROR_SIZE, where libcurl's own do not say it:
 * CURLE_OUT_OF_MEMORY where libcurl cannot tell all of it, as half an answer could pass for
 * another; CURLE_WEIRD_SERVER_REPLY where the status is none of HTTP.
 */
CURLcode
reply_read(struct reply *in, CURL *easy, const char *version_header, struct http_reply *out,
        char *error);

/* reply_drop - it is delivered: a large buffer is given back. */
void
reply_drop(struct reply *in);

#endif
