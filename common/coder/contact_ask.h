/*
 * contact_ask.h - the questions of a first contact: who are we to this server, and what may we do?
 *
 * One after the other, as each says whether the next has a meaning.  Nothing is changed:
 * POST /authcheck is a question.  Source: coder coderd/authorize.go, coderd/apikey.go.
 */

#ifndef CWS_CONTACT_ASK_H
#define CWS_CONTACT_ASK_H

#include <stdbool.h>

#include "coder/login.h"
#include "coder/server.h"
#include "judge/contact.h"

/* The texts that the facts borrow. */
struct contact {
	struct contact_facts facts;
	struct server       *server; /* borrowed */
	struct api_me        me;
	bool                 over; /* the question under way has its answer */
	char unreachable[400], refused[400], unlisted[480], version[64], dashboard[200],
	        reminding[200];
};

/*
 * contact_ask - fill c->facts.  False when a signal or the deadline came first: then they say
 * nothing.
 */
bool
contact_ask(struct contact *c, struct server *server, const struct login *login);

#endif
