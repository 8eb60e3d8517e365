/* serve.h - what becomes of one request. */

#ifndef FAKE_SERVE_H
#define FAKE_SERVE_H

#include <microhttpd.h>

#include "server.h"

/* serve - handle r as the fault script and the world have it, and answer on c.  Without the lock. */
enum MHD_Result
serve(struct server *s, struct MHD_Connection *c, struct req *r);

#endif
