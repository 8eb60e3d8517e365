/*
 * outcome.h - what the answer to a request that changes something means.  Pure.
 *
 * At most one request per workspace is ever processed: it goes out again only
 * when the server said 429 or when no byte left this machine.  After any other
 * unclear end the workspace is read again, and what is seen there decides.
 * Source: cws-stop(1), RESULTS; Coder coderd/workspacebuilds.go and
 * coderd/workspaces.go (putExtendWorkspace).
 */

#ifndef CWS_OUTCOME_H
#define CWS_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/http_end.h"
#include "base/text.h"
#include "base/when.h"
#include "judge/action.h"
#include "judge/life.h"

/* How the request ended. */
struct answer {
	enum http_end end;
	int           status; /* 0 unless answered */
	/* a 401 that refuses the token itself; any other tells of something else that failed */
	bool          token;
	bool          coder; /* the body is Coder's own JSON: a build, or {"message": ...} */
};

enum after {
	AFTER_DONE,   /* it was carried out */
	AFTER_GONE,   /* deleted */
	AFTER_FAILED, /* refused for good */
	AFTER_END,    /* failed, and so would be everything after it */
	AFTER_RESEND, /* surely not processed */
	AFTER_LOOK,   /* the workspace has to be read again */
};

/* outcome_of - what to do after this answer. */
enum after
outcome_of(const struct answer *a);

/* outcome_gone - what becomes of a action whose workspace was deleted meanwhile. */
enum result
outcome_gone(enum action d);

/* What was asked for. */
struct asked {
	enum action action;
	int64_t     was_number;    /* of the build that was verified just before */
	struct when before, after; /* of a deadline: as it was, and as asked for */
	bool        claimed;       /* the build after that one is another request's of ours */
	/* whoever sent it is gone long enough: it will not arrive any more */
	bool        settled;
};

/* What later readings show. */
struct look {
	bool        readable;
	bool        deleted;      /* 410 */
	int64_t     build_number; /* of the latest build, like the next two */
	const char *transition;   /* "" when absent */
	enum life   life;
	/* the first build since that our request made: outcome_whose; 0: none */
	int64_t     ours;
	bool        anonymous; /* some build since may be ours, but nobody can say whose it is */
	bool        whole;     /* all builds since are known; of one the latest itself tells */
	struct when deadline;
};

/* Did our request make a build? */
enum whose { WHOSE_OTHERS, WHOSE_OURS, WHOSE_UNKNOWN };

/*
 * outcome_whose - by what the build says of itself; NULL is "" is not known.  Its
 * initiator alone proves nothing: of what the server does by itself, an autostop
 * say, that is the owner.  But our requests name no reason, which Coder stores
 * as "initiator"; the dashboard, the CLI and the server name others.  user: the
 * id of the request's user, or how it begins; "" is not known.
 */
enum whose
outcome_whose(enum action d, const char *user, const char *transition, const char *initiator_id,
        const char *reason);

/*
 * outcome_look - after AFTER_LOOK: the result, and in why its reason (appended).
 * RESULT_NONE: several builds came since, and without ->whole nobody can say
 * whether one is ours: read the history of builds.  RESULT_ACCEPTED means that build
 * number l->ours is the one that this request made.
 */
enum result
outcome_look(const struct asked *q, const struct answer *a, const struct look *l, struct text *why);

#endif
