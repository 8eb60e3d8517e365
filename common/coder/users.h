/*
 * users.h - one reply of GET /users taken apart.  Pure.
 *
 * {"users":[{"id":..,"status":..,"last_seen_at":..,"email":..},...],"count":N}: all that match,
 * or, of a list read by after_id, all from there on.  Source: coder coderd/users.go.
 */

#ifndef CWS_USERS_H
#define CWS_USERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/json_scan.h"
#include "base/uuid.h"

/* A user; the values are JSON, borrowed from the reply, with p == NULL where there is none. */
struct user {
	struct uuid  id; /* all zero when absent or no UUID */
	struct slice status, last_seen_at, email;
};

typedef void
users_each(void *arg, const struct user *user);

struct users_page {
	int64_t     rows; /* -1: the reply is no list of users */
	int64_t     count;
	struct uuid last; /* of the last row */
};

/* users_read - call each() for the users in a reply's body, in its order. */
struct users_page
users_read(const char *body, size_t n, users_each *each, void *arg);

#endif
