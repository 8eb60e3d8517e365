/*
 * model.h - what a report says, whatever its format: records read to the end,
 * counted, sorted, and nothing left to decide for those who write it down.
 *
 * One struct model holds the eight parts of cws-report(1) in their order.  A
 * part with nothing to say is empty (n == 0, or known false), and a renderer
 * leaves it out.  All text is owned by the model and lives until model_free;
 * equal texts are one pointer.
 *
 * Foreign text has lost what could hide or move: control characters and those
 * that override the direction of writing are '?', it is UTF-8, and cut at
 * MODEL_TEXT_MAX bytes.  Nothing else is done to it: quotes, pipes, "<script>" and
 * a leading '=' are still there, and escaping them is each renderer's own job.
 */

#ifndef CWS_MODEL_H
#define CWS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/when.h"
#include "judge/tz.h"

#define MODEL_TEXT_MAX 1000 /* bytes of one foreign text */
#define MODEL_HOURS 25      /* the hour it is and the 24 behind it */
#define MODEL_LATELY_S 900  /* what was used within it, somebody may be using */

/* What the groups of part 6 have in common. */
enum model_by { BY_OWNER, BY_TEMPLATE, BY_ORG, MODEL_BYS };
extern const char *const model_by_names[MODEL_BYS + 1]; /* "owner", "template", "org", NULL */

/* What the command line said; borrowed by the model as long as it lives. */
struct model_options {
	const char      *title; /* NULL: none was given */
	enum model_by    by;
	bool             has_top;
	/* rows of a list or table at most; 0: all.  model_top says what holds. */
	int64_t          top;
	const struct tz *tz; /* for every instant that a person reads */
	int64_t          max_age_s;
	bool             has_run_status;
	int64_t          run_status; /* of the run that is reported */
	int64_t          now_us;
};

/* A word and how often it came. */
struct model_count {
	const char *name;
	uint64_t    n;
};

struct model_counts {
	struct model_count *item; /* owned */
	size_t              n;
};

/* -- Rows: one workspace each ------------------------------------------------ */

/* An object under cws with a boolean due or keep: ttl, quiet, habit, a rule of one's own. */
struct model_verdict {
	const char *rule, *state, *why; /* "" when absent */
	bool        due, keep;
	struct when at, stop_at;
};

/* model_asks - does it ask for a stop?  One that does not say when it was judged stops nothing. */
bool
model_asks(const struct model_verdict *v);

/* What a program that changes something did: .cws.stop, .start, .set, .notify. */
enum model_program { DID_STOP, DID_START, DID_SET, DID_NOTIFY, MODEL_PROGRAMS };
extern const char *const model_program_names[MODEL_PROGRAMS]; /* "stop", "start", "set", "notify" */

struct model_act {
	const char *result; /* "stopped", "would-stop", "failed", ... */
	const char *rule;   /* NULL: none */
	const char *why;    /* "" when absent */
	const char *error;  /* NULL: none; foreign words */
	const char *run;    /* its id; NULL when absent */
	struct when at;
	int64_t     took_ms; /* 0 when unknown */
};

/* .cws.autostop; state NULL where it is not on the record. */
struct model_plan {
	const char *state, *by, *why; /* by NULL: nothing stops it */
	struct when at, stop_at, restarts_at;
};

/* Part 4, in its order. A workspace stands in the first that fits. */
enum model_list_kind {
	LIST_STUCK,   /* a stop that failed: compute may still run */
	LIST_FAILED,  /* a start that failed: it may have left resources */
	LIST_EXPIRED, /* should have stopped: due by its deadline */
	LIST_QUIET,   /* due by quiet hours */
	LIST_OTHER,   /* due by another rule */
	LIST_GRACE,   /* its time is over, its grace is not */
	LIST_OVERRUN, /* would have stopped */
	LIST_SOON,    /* stops soon */
	LIST_NEVER,   /* never stops by itself */
	LIST_KEPT,    /* a rule keeps it: no run stops it */
	LIST_UNKNOWN, /* a rule could not say */
	MODEL_LISTS,
	LIST_NONE = MODEL_LISTS
};
/* one word, for machines: "stuck", "failed", "expired" ..., and "none" */
extern const char *const model_list_names[MODEL_LISTS + 1];
/* for people, the same wherever it is spoken of: "Should have stopped", and what that means */
extern const char *const model_list_titles[MODEL_LISTS + 1];
extern const char *const model_list_meanings[MODEL_LISTS];

struct model_row {
	const char *id;      /* as the record has it, "" when absent */
	bool        is_uuid; /* id is a UUID, and so may be written into a command */
	const char *owner, *name, *template_name, *org; /* "" when absent */
	const char *status;                             /* of latest_build; "" when absent */
	/*
	 * of the server, checked: scheme, host and port of safe characters; NULL when there is
	 * none
	 */
	const char *origin;
	struct when last_used;
	bool        running; /* a start that succeeded */
	bool        due; /* a verdict asks for it, none says keep, and the run did not stop it */
	bool        keep;
	bool        stuck;   /* its last stop failed, whatever list it stands in */
	bool        stopped; /* or deleted: cws-stop passes over it, though a rule says due */

	enum model_list_kind list;
	const char          *rule; /* of the verdict that put it there; "" when its status did */
	const char          *why;  /* the sentence of that verdict; "" when there is none */
	/* the instant "since" or "in" counts to; none where there is no such */
	struct when          since;
	/* the instant it was judged at; spans are counted from it: model_span_s */
	struct when          at;

	const struct model_verdict *verdict; /* in the order of the record */
	size_t                      verdicts;
	const struct model_act     *act[MODEL_PROGRAMS]; /* NULL: that program did not see it */
	struct model_plan           plan;
};

/*
 * model_span_s - whole seconds from r->at to r->since: negative has passed; 0 where there is none.
 */
int64_t
model_span_s(const struct model_row *r);

/* model_unused_s - whole seconds from r->last_used to r->at; 0 where that is not known. */
int64_t
model_unused_s(const struct model_row *r);

/* -- 1. Head --------------------------------------------------------------- */

struct model_head {
	const char *server;       /* .cws.fetch.url; NULL when no record says one */
	size_t      servers;      /* how many different ones */
	const char *version;      /* NULL: not known */
	struct when listed;       /* the oldest .cws.fetch.at */
	int64_t     age_s;        /* of that at now; 0 where it is none */
	bool        old;          /* older than max_age_s */
	uint64_t    records, bad; /* lines read and taken; lines refused */
	const char *broken;       /* the input was not whole: why; NULL: it ended as it should */
};

/* -- 2. Totals ------------------------------------------------------------- */

struct model_rule {
	const char         *name;   /* "ttl", "quiet", "autostop", "habit", or one's own */
	bool                judges; /* false: autostop, which has states and no due */
	uint64_t            records, due, keep; /* due: it says so itself, whatever others say */
	/*
	 * those of ours in their own order, others behind them; n may be 0 of those known in
	 * advance
	 */
	struct model_counts states;
};

/*
 * What cws-autostop calls "now" beside what is due.  They are not the same: the server acts without
 * being asked by a rule, and a rule may ask for what autostop cannot tell, or calls stopped.
 */
struct model_now {
	/* owned; of those "now": due, stopped by the server, due no more, in words */
	struct model_counts plans;
	/* owned; of those due: what autostop says */
	struct model_counts due;
};

struct model_totals {
	uint64_t                 running, due; /* workspaces; due: as of their rows */
	uint64_t                 keep;         /* of list kept */
	uint64_t                 undated; /* due by verdicts that do not say when they were made */
	uint64_t                 stopped; /* of those due: they do not run */
	uint64_t                 ended; /* of those running when listed: stopped by the run since */
	uint64_t                 oldest_overdue_s; /* of list expired; 0: none */
	/* owned; of those due the ones used within MODEL_LATELY_S, the last used first */
	const struct model_row **lately;
	size_t                   latelys;
	struct model_now         now;
	/* by their titles, n may be 0; the last are those in no list, so together they are all */
	struct model_counts      lists;
	/* the server's in their usual order, n may be 0; others behind them */
	struct model_counts      status;
	/* owned; only those met: ttl, quiet, autostop, habit, then one's own by name */
	struct model_rule       *rule;
	size_t                   rules;
};

/* -- 3. What a run did ----------------------------------------------------- */

struct model_result {
	const char *result, *rule; /* rule "" : none */
	uint64_t    n;
	size_t place; /* of the result in model_results; behind its last where it is none of them */
};

struct model_run {
	enum model_program       program;
	uint64_t                 n;   /* records it wrote; 0: it did not run */
	bool                     dry; /* it only said what it would do */
	/* owned; by result in the order of the program's manual, then rule */
	struct model_result     *result;
	size_t                   results;
	struct model_counts      refused; /* its sentences, and how often */
	const struct model_row **trouble; /* owned; failed and unknown, in the order read */
	size_t                   troubles;
	struct when              first, last; /* of its "at", the last one's duration added */
	/* what cws-start could take back: it starts what ran, not what was stuck or failed */
	uint64_t                 undoable;
	struct model_counts      ids; /* of runs met */
};

/* -- 4. Lists -------------------------------------------------------------- */

struct model_list {
	const struct model_row **row; /* owned; most urgent first */
	size_t                   n;
	uint64_t                 due;   /* of all lists together: model_totals.due */
	uint64_t                 stuck; /* of those kept, for one: they hide nothing */
};

/* -- 5. The next 24 hours -------------------------------------------------- */

/* Stops by a rule of the server happen by themselves; the others are those of a run of cws-stop. */
struct model_hour {
	int64_t  from_s;        /* seconds since 1970, a whole hour of the zone's clocks */
	uint64_t stops, starts; /* what is to happen in it; what is overdue counts in the first */
	uint64_t server;        /* those of the stops that the server makes */
};

/* A contradiction of cws-autostop(1), one workspace that has it, and how many have. */
struct model_conflict {
	const char *code, *why;
	size_t      row; /* of model.row */
	uint64_t    n;
};

struct model_day {
	uint64_t            known; /* records that have .cws.autostop */
	int64_t             now_s; /* the instant it was reckoned at: the latest .cws.autostop.at */
	uint64_t            stops, starts, server; /* in all hours together */
	struct model_hour   hour[MODEL_HOURS];
	/* of those stops: "deadline", "quiet", ... the most frequent first */
	struct model_counts by_server, by_run;
	struct model_counts gaps; /* of which it cannot be said, by why, the most frequent first */
	const struct model_conflict *conflict; /* by code, the most frequent first */
	size_t                       conflicts;
};

/*
 * model_is_of_server - is it what cws-autostop(1) calls one of the server's own rules?  Any other
 * word is the name of a verdict.
 */
bool
model_is_of_server(const char *by);

/* model_conflict_words - what the code of a conflict means; the code where it is not ours. */
const char *
model_conflict_words(const char *code);

/* -- 6. Groups, 7. People -------------------------------------------------- */

struct model_group {
	const char *name;
	uint64_t    records, running, due, keep; /* as of the totals */
	int64_t     overdue_s;                   /* the longest of list expired; 0: none */
	struct when last_used;                   /* the latest */
	bool        has_hours, has_cost;
	double      hours; /* run in the time that .cws.whatif looked at */
	double      cost;  /* of those hours, by .cws.savings.price */
};

struct model_groups {
	struct model_group *item; /* owned; most due first, then most running, then by name */
	size_t              n;
};

struct model_person {
	const char *name;
	const char *status; /* "active", "suspended", "dormant"; NULL: not known */
	struct when last_seen;
	uint64_t    records, running, idle; /* idle: running, and not used for an hour */
};

struct model_people {
	struct model_person *item; /* owned; most idle first, then most running, then by name */
	size_t               n;    /* 0 unless .cws.fetch.owner says when somebody was last seen */
};

/* -- 8. The past ----------------------------------------------------------- */

struct model_policy {
	const char *policy; /* as --try had it */
	uint64_t    stops, returns, regrets, cut;
	uint64_t    owners;     /* with at least one stop */
	uint64_t    workspaces; /* that it was tried on */
	int64_t     saved_s;
	bool        has_cost;
	double      saved_cost;
};

struct model_savings {
	uint64_t            records; /* that have .cws.savings; 0: none */
	uint64_t            stops, regrets;
	uint64_t            unbounded; /* records without a lower bound */
	int64_t             low_s, high_s;
	bool                has_cost;
	double              cost_low, cost_high;
	const char         *currency; /* NULL: not known, or more than one */
	struct model_counts ended_by;
};

struct model_past {
	struct when          since, until; /* of .cws.whatif, the widest */
	int64_t              ran_s;
	uint64_t             whatif; /* records that have it with policies */
	/* records whose policies are null: use not known well enough */
	uint64_t             unjudged;
	struct model_policy *policy; /* owned; in the order met */
	size_t               policies;
	struct model_savings savings;
	/* records with .cws.habit; of those how many in these states */
	uint64_t             habits, likely, unlikely;
	uint64_t             used; /* records with .cws.usage; 0: nothing to draw */
	struct when          used_since, used_until;
	/* use by hour of the day in the zone, seconds of all workspaces */
	int64_t              use_s[24];
};

/* -- The whole -------------------------------------------------------------- */

struct model {
	const struct model_options *options;
	const struct model_row     *row; /* in the order read */
	size_t                      rows;
	struct model_head           head;
	struct model_totals         totals;
	struct model_run            run[MODEL_PROGRAMS];
	struct model_list           list[MODEL_LISTS];
	struct model_day            day;
	struct model_groups         groups;
	struct model_people         people;
	struct model_past           past;
	struct model_store         *store; /* private: model.c */
};

/* model_is_judged - has any rule that can ask for a stop looked at any of the records? */
bool
model_is_judged(const struct model *m);

/*
 * model_first - what is to be looked at first: of what is broken or due the first in the order of
 * the lists; NULL: there is none.
 */
const struct model_row *
model_first(const struct model *m);

/*
 * model_can_choose - may a command be made that stops just this one?  Its id is going to stand in
 * that command, and cws-stop --force asks nothing but what keeps it: what a rule keeps is not
 * offered.
 */
bool
model_can_choose(const struct model_row *r);

/*
 * model_states - the states of ttl, quiet, autostop or habit in their own order, NULL at the end;
 * NULL for another rule.
 */
const char *const *
model_states(const char *rule);

/* model_rules - the rules that have such a table, NULL at the end. */
extern const char *const model_rules[];

/* model_results - the results of a program in the order of its manual, NULL at the end. */
const char *const *
model_results(enum model_program p);

/* model_statuses - the server's statuses of a workspace, NULL at the end. */
extern const char *const model_statuses[];

/*
 * model_top - how many of n rows a list shows.  Where --top was not given: 20 where
 * a person scrolls (all false), all of them where a program or the page sorts and filters.
 */
size_t
model_top(const struct model_options *o, bool all, size_t n);

#endif
