/*
 * vevent.h - one VEVENT of a calendar, read by libical: is it a day, which, how often?
 *
 * Lines come unfolded, from BEGIN:VEVENT to END:VEVENT and without the components
 * inside; those of other properties than the few that matter are passed over, so
 * that nothing in them can be a fault.
 */

#ifndef CWS_VEVENT_H
#define CWS_VEVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "calendar/day_list.h"
#include "calendar/recur.h"

enum vevent_kind {
	VEVENT_ALL_DAY,  /* dates */
	VEVENT_MIDNIGHT, /* times, from a midnight to another */
	VEVENT_TIMED
};

struct vevent {
	enum vevent_kind kind;
	bool             cancelled;
	char            *uid;  /* owned; NULL for none */
	char            *name; /* owned; its SUMMARY, as label.h has it */
	int64_t          days; /* how long, each time; at least 1 */
	int64_t          sequence;
	bool             replaces;  /* RECURRENCE-ID: it stands for an occurrence of its UID, */
	int64_t          replaced;  /* that of this day, */
	bool             and_later; /* and all later ones are as far off as it is */
	int64_t          start;     /* its DTSTART */
	struct day_list  starts;    /* within the span, sorted; none of a cancelled or timed one */
};

struct vevent_reader; /* private to vevent.c */

/* vevent_open - begin an event; the caller closes it. */
struct vevent_reader *
vevent_open(void);
void
vevent_close(struct vevent_reader *r);

/*
 * vevent_line - read one line (changed) between BEGIN and END.  -1 with err (CWS_PARTIAL) when it
 * means nothing.
 */
int
vevent_line(struct vevent_reader *r, char *line, struct err *err);

/*
 * vevent_end - what the lines say.  -1 with err: CWS_PARTIAL, the event is wrong; CWS_FAIL, the
 * time is over.  *e holds memory only after 0, and vevent_release frees it.
 */
int
vevent_end(
        struct vevent_reader *r, const struct recur_span *span, struct vevent *e, struct err *err);
void
vevent_release(struct vevent *e);

#endif
