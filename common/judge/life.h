/*
 * life.h - what a workspace's latest build says about it.  Pure.
 *
 * Source: Coder's ConvertWorkspaceStatus (codersdk/provisionerdaemons.go): the
 * status is a function of the job's status and the transition, but "failed" and
 * "canceled" do not say of which transition.
 */

#ifndef CWS_LIFE_H
#define CWS_LIFE_H

#include <stdbool.h>

enum life {
	LIFE_UNKNOWN,  /* a word this version does not know, one that is missing, a failed delete */
	LIFE_CHANGING, /* pending, starting, stopping, canceling, deleting */
	LIFE_RUNNING,  /* a start that succeeded */
	LIFE_STUCK,    /* a stop that failed or was canceled: compute may still run */
	/* a start that failed or was canceled: it may have left resources, and takes a stop */
	LIFE_FAILED,
	LIFE_STOPPED, /* stopped, deleted */
};

/* life_is_down - nothing runs: stopped, or never started. */
static inline bool
life_is_down(enum life life)
{
	return life == LIFE_STOPPED || life == LIFE_FAILED;
}

/* life_takes_stop - would a stop change anything? */
static inline bool
life_takes_stop(enum life life)
{
	return life == LIFE_RUNNING || life == LIFE_STUCK || life == LIFE_FAILED;
}

/* life_of - status and transition of latest_build; either may be NULL. */
enum life
life_of(const char *status, const char *transition);

#endif
