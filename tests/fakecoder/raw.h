/*
 * raw.h - what goes over a connection beneath HTTP: nothing, a reset, bytes.
 *
 * What those return that end the connection is what on_request has to return.
 * Not over TLS, but for the first two.
 */

#ifndef FAKE_RAW_H
#define FAKE_RAW_H

#include <microhttpd.h>

#include "server.h"

/* raw_stall - send nothing until the client leaves. */
void
raw_stall(struct server *s, struct MHD_Connection *c);

/* raw_reset - a TCP reset. */
enum MHD_Result
raw_reset(struct MHD_Connection *c);

/* raw_send - these bytes and no others, whatever HTTP says; then the connection ends. */
enum MHD_Result
raw_send(struct MHD_Connection *c, const char *text);

/* raw_trailers - r's reply in one chunk, and trailers behind it for as long as the client listens. */
enum MHD_Result
raw_trailers(struct server *s, struct MHD_Connection *c, struct req *r);

#endif
