/*
 * outcome.h - what the answer to a request that changes something means.  Pure.
 *
 * At most one POST per workspace is ever processed: it goes out again only when
 * the server said 429 or when no byte left this machine.  After any other
 * unclear end the workspace is read again, and what is seen there decides.
 * Source: cws-stop(1), RESULTS; Coder coderd/workspacebuilds.go.
 */

#ifndef CWS_OUTCOME_H
#define CWS_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include "life.h"
#include "text.h"

enum result {
	RESULT_NONE, /* not decided yet */
	RESULT_STOPPED,
	RESULT_ACCEPTED,
	RESULT_WOULD_STOP,
	RESULT_ALREADY,
	RESULT_SKIPPED,
	RESULT_REFUSED,
	RESULT_UNKNOWN,
	RESULT_FAILED,
	RESULTS
};

/* result_name - the word of .cws.stop.result. */
const char *
result_name(enum result r);

/* How the POST ended. */
struct answer {
	bool answered; /* a whole reply */
	bool unsent;   /* no byte left this machine */
	bool fatal;    /* the connection will not get better: certificate, protocol */
	int  status;
	bool coder;    /* the body is Coder's own JSON: a build, or {"message": ...} */
};

enum after {
	AFTER_ACCEPTED, /* 201 with a build */
	AFTER_ALREADY,  /* deleted */
	AFTER_FAILED,   /* refused for good */
	AFTER_END,      /* failed, and so would be everything after it */
	AFTER_RESEND,   /* surely not processed */
	AFTER_LOOK,     /* the workspace has to be read again */
};

/* outcome_of - what to do after this answer. */
enum after
outcome_of(const struct answer *a);

/* A later reading of the workspace. */
struct look {
	bool        readable;
	bool        deleted;    /* 410 */
	int64_t     build_number;
	const char *transition; /* "" when absent */
	enum life   life;
	bool        ours;       /* the build's initiator is our user */
	bool        anonymous;  /* nobody can say whether it is */
};

/*
 * outcome_look - after AFTER_LOOK: the result, and in why its reason (appended).
 * was_number: the build number that was verified just before the POST.
 * RESULT_ACCEPTED means that the newest build is the stop this POST made.
 */
enum result
outcome_look(const struct answer *a, const struct look *l, int64_t was_number, struct text *why);

#endif
