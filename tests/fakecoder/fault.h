/*
 * fault.h - the fault script: what goes wrong, at which request.
 *
 * One JSON object a line: {"match":{...},"nth":2,"do":{...}}; README.md beside
 * this file has every key.  Each rule counts the requests that match it; the
 * first rule that is due decides the request's fate.
 */

#ifndef FAKE_FAULT_H
#define FAKE_FAULT_H

#include "server.h"

/* faults_load - read the script, or exit with the line that is wrong. */
void
faults_load(struct server *s, const char *path);

/* faults_set - the rules of list in the place of those there are.  False: why says which is none, and nothing changed. */
bool
faults_set(struct server *s, const cJSON *list, struct buf *why);

/* faults_rewind - no rule has been hit yet. */
void
faults_rewind(struct server *s);
void
faults_free(struct server *s);

/* fault_pick - the "do" of the rule that r sets off, NULL when none.  Owned by the caller: the rules may change meanwhile. */
cJSON *
fault_pick(struct server *s, const struct req *r);

/* fault_handles - is the request to be handled as if nothing were wrong? */
bool
fault_handles(const cJSON *act);

/* fault_world - the changes of the world that belong before (or after) the handling. */
void
fault_world(struct server *s, const cJSON *act, bool before, struct req *r);

/* fault_answer - put the rule's own answer, or its headers, in the place of r's. */
void
fault_answer(const cJSON *act, struct req *r);

/* fault_from_proxy - is that answer some proxy's, without Coder's headers? */
bool
fault_from_proxy(const cJSON *act);

/* fault_names - the keys of act, for the log. */
void
fault_names(const cJSON *act, struct buf *b);

#endif
