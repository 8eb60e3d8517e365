/*
 * conflicts.h - contradictions between a workspace's settings, the server's rules and verdicts.
 * Pure.
 *
 * Source: cws-autostop(1), conflicts.
 */

#ifndef CWS_CONFLICTS_H
#define CWS_CONFLICTS_H

#include <stddef.h>

#include "judge/autostop.h"
#include "judge/executor.h"
#include "judge/verdict.h"

/* conflicts_find - append to a->conflict; a's stop and start are known by then. */
void
conflicts_find(struct autostop *a, const struct autostop_facts *f,
        const struct executor_outlook *server, const struct verdict_seen *seen, size_t n);

#endif
