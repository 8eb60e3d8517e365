/*
 * signals.h - INT, TERM and HUP end a run with its books kept.
 *
 * The handler counts, nothing else; the loops look at the count, finish what
 * is under way, and the program ends by the signal it got.
 */

#ifndef CWS_SIGNALS_H
#define CWS_SIGNALS_H

#include <signal.h>

/* signals_catch - count them from now on (one that was ignored stays so); returns the count. */
const volatile sig_atomic_t *
signals_catch(void);

/* signals_end - end the process by the first signal that came; returns when none did. */
void
signals_end(void);

#endif
