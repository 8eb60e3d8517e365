/* uri.h - the request target, taken apart as Go's net/url does. */

#ifndef FAKE_URI_H
#define FAKE_URI_H

#include "req.h"

/* uri_parse - fill in path, query, segments and params from r->uri. */
void
uri_parse(struct req *r);

/* uri_params - fill in params from this query instead; the request keeps its own. */
void
uri_params(struct req *r, const char *query);
void
uri_free(struct req *r);

#endif
