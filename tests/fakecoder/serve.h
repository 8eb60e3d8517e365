/* serve.h - what becomes of one request. */

#ifndef FAKE_SERVE_H
#define FAKE_SERVE_H

#include <microhttpd.h>

#include "server.h"

/* serve - handle r as the fault script and the world have it, and answer on c.  Without the lock. */
enum MHD_Result
serve(struct server *s, struct MHD_Connection *c, struct req *r);

/* serve_refuses - is r, of which the body is still to come, answered 417 by the fault script?  Without the lock. */
bool
serve_refuses(struct server *s, struct req *r);

/* wait_ms - shorter where the server ends, or the connection is one that a reset left behind.  Without the lock. */
#define STEP_MS 20
void
wait_ms(struct server *s, struct conn *conn, int64_t ms);

#endif
