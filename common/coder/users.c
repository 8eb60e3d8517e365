/* users.c - the list of users. */

#include "coder/users.h"

#include <string.h>

/* A count: digits only. */
static int64_t
count_of(struct slice v)
{
	int64_t count = 0;
	size_t  i;

	for (i = 0; i < v.n; i++) {
		if (v.p[i] < '0' || v.p[i] > '9' || count > INT64_MAX / 10 - 1)
			return -1;
		count = count * 10 + (v.p[i] - '0');
	}
	return v.n != 0 ? count : -1;
}

static struct user
user_of(struct json_scan *s)
{
	struct user  user;
	struct slice key, v;

	memset(&user, 0, sizeof(user));
	for (json_scan_enter(s, '{'); json_scan_member(s, &key);) {
		v = json_scan_value(s);
		if (slice_is(&key, "id"))
			user.id = uuid_of(v);
		else if (slice_is(&key, "status"))
			user.status = v;
		else if (slice_is(&key, "last_seen_at"))
			user.last_seen_at = v;
		else if (slice_is(&key, "email"))
			user.email = v;
	}
	return user;
}

struct users_page
users_read(const char *body, size_t n, users_each *each, void *arg)
{
	struct users_page page = { .count = -1 };
	struct json_scan  s;
	struct slice      key, v;
	struct user       user;

	json_scan_open(&s, body, n);
	for (json_scan_enter(&s, '{'); json_scan_member(&s, &key);) {
		if (!slice_is(&key, "users") || json_scan_peek(&s) != '[') {
			v = json_scan_value(&s);
			if (slice_is(&key, "count"))
				page.count = count_of(v);
			continue;
		}
		for (json_scan_enter(&s, '['); json_scan_element(&s); page.rows++) {
			user = user_of(&s);
			page.last = user.id;
			if (s.fault == NULL)
				each(arg, &user);
		}
	}
	if (!json_scan_end(&s) || page.count < 0)
		page.rows = -1;
	return page;
}
