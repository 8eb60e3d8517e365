/*
 * sight.h - an empty list: is there nothing to list, or does this token see nothing?
 *
 * The server answers both alike: a misspelt owner or template, an auditor's token and a night
 * in which nothing runs all give no row, and no fault.  Source: coder-api 4.5;
 * coderd/rbac/roles.go.
 */

#ifndef CWS_SIGHT_H
#define CWS_SIGHT_H

#include <stdbool.h>
#include <stddef.h>

#include "coder/server.h"

/*
 * sight_explains - is it true that nothing matches this search, whose list was empty?  It is where
 * the owner or the template that it names exists; where it names neither, if the token sees other
 * workspaces, or may see all.  "" finds all there are: if it sees any now, the list was wrong.
 * Else false, and why gets the reason and what to check.
 */
bool
sight_explains(const struct server *server, const char *q, char *why, size_t size);

#endif
