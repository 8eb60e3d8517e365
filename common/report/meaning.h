/*
 * meaning.h - what the words of our rules and of the server mean, for somebody who has read no
 * manual.
 *
 * Source: cws-ttl(1), cws-quiet(1), cws-autostop(1).
 */

#ifndef CWS_MEANING_H
#define CWS_MEANING_H

/*
 * meaning_of - what a word means where it is counted.  of: "status", a rule, or SHEET_LISTS.
 * NULL: it says so itself, or is not ours.
 */
const char *
meaning_of(const char *of, const char *word);

/* meaning_of_rule - what a rule judges by; NULL where the rule is not ours. */
const char *
meaning_of_rule(const char *rule);

#endif
