/*
 * recover.h - what a run that was killed left open in its journal.
 */

#ifndef CWS_RECOVER_H
#define CWS_RECOVER_H

#include <signal.h>
#include <stdint.h>

#include "act/batch.h"
#include "base/err.h"

struct recover_from {
	const char                  *path, *origin;
	const volatile sig_atomic_t *stop;        /* may be NULL: ends the reading when not 0 */
	int64_t                      deadline_ms; /* of clock_mono_ms(): ends it too */
};

/*
 * recover_read - add to b an item for each intent of the journal without an
 * outcome, in the order of the file, as it was when the request went out.  Those
 * of another server than origin are left out, told in one warning; bad lines
 * are reported and counted in *bad, a torn line is passed over: an intent that is not
 * whole was never followed by its request.  0, or -1 with err: CWS_USAGE when there is no such
 * file, CWS_FAIL when it cannot be read, or not in time.
 */
int
recover_read(struct batch *b, const struct recover_from *from, uint64_t *bad, struct err *err);

#endif
