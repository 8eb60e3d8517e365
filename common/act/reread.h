/*
 * reread.h - a workspace as it was judged, and as it was read again just before its request.
 */

#ifndef CWS_REREAD_H
#define CWS_REREAD_H

#include "coder/server.h"
#include "record/rec.h"

/* All borrowed. */
struct reread {
	struct rec          *judged, *fresh;
	const struct server *server; /* which told of it: whom it knows us as, and its clock */
};

#endif
