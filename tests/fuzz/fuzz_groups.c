/*
 * fuzz_groups.c - any bytes as the list of groups: who is in which is what the list says, and the record stays JSON.
 */

#include "coder/groups.h"

#include "fuzz.h"
#include "slow.h"

#define MANY 60

static struct slow_object group, member;

/* The next element of the array that s is in; false at its end. */
static bool
next(struct strict *s)
{
	strict_blanks(s);
	strict_take(s, ',');
	strict_blanks(s);
	return strict_peek(s) != ']' && s->i < s->n;
}

static bool
is_id(const struct slow_object *o, const struct slow_member *m, struct uuid *id)
{
	memset(id, 0, sizeof(*id));
	return m != NULL && o->text[m->value] == '"' && uuid_parse(o->text + m->value + 1, m->end - m->value - 2, id);
}

/* Is this user among the members of the group? */
static bool
has(const struct uuid *id)
{
	const struct slow_member *list = slow_find(&group, "members");
	struct strict             s = { (const unsigned char *)group.text, group.n, 0, 200 };
	struct uuid               one;
	bool                      found = false;

	if (list == NULL || group.text[list->value] != '[')
		return false;
	for (s.i = list->value + 1; next(&s);) {
		if (!slow_read(&member, group.text, group.n, s.i))
			return false;
		is_id(&member, slow_find(&member, "id"), &one);
		found = found || memcmp(&one, id, sizeof(one)) == 0;
		strict_value(&s, 0);
	}
	return found;
}

/* {"groups":[...]} of one user: the names, in the order of the list, of the groups that he is in. */
static void
check_user(const struct groups *g, const char *text, size_t n, const struct uuid *id)
{
	struct strict s = { (const unsigned char *)text, n, 0, 200 };
	struct buf    got, want;
	bool          any = false;

	buf_init(&got, BUF_RECORD_MAX);
	buf_init(&want, BUF_RECORD_MAX);
	buf_putc(&got, '{');
	groups_write(g, id, &got);
	buf_putc(&got, '}');
	REQUIRE(strict_json(got.p, got.n, 200));
	buf_puts(&want, "{\"groups\":[");
	strict_blanks(&s);
	if (strict_take(&s, '['))
		while (next(&s)) {
			const struct slow_member *name;

			REQUIRE(slow_read(&group, text, n, s.i));
			name = slow_find(&group, "name");
			if (has(id)) {
				if (any)
					buf_putc(&want, ',');
				any = true;
				if (name != NULL && text[name->value] == '"')
					buf_put(&want, text + name->value, name->end - name->value);
				else
					buf_puts(&want, "\"\"");
			}
			strict_value(&s, 0);
		}
	buf_puts(&want, "]}");
	REQUIRE(got.n == want.n && memcmp(got.p, want.p, got.n) == 0);
	buf_release(&got);
	buf_release(&want);
}

/* Nothing twice and nothing large, so that the slow reader can follow: every group and member an object. */
static bool
is_plain(const char *text, size_t n, struct uuid *user, size_t *users)
{
	struct strict s = { (const unsigned char *)text, n, 0, 200 };
	struct strict m;

	*users = 0;
	strict_blanks(&s);
	if (!strict_take(&s, '['))
		return true;
	while (next(&s)) {
		const struct slow_member *list;

		if (text[s.i] != '{' || !slow_read(&group, text, n, s.i) || slow_twice(&group))
			return false;
		list = slow_find(&group, "members");
		if (list != NULL && text[list->value] == '[') {
			m = s;
			for (m.i = list->value + 1; next(&m);) {
				if (text[m.i] != '{' || !slow_read(&member, text, n, m.i) || slow_twice(&member))
					return false;
				is_id(&member, slow_find(&member, "id"), &user[*users < MANY ? (*users)++ : 0]);
				strict_value(&m, 0);
			}
		}
		strict_value(&s, 0);
	}
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct uuid nobody = { { 1 } };
	struct uuid              user[MANY] = { { { 0 } } };
	struct groups            g = { .n = 0 };
	char                    *text = malloc(n + 1);
	size_t                   users, i;
	bool                     whole;

	REQUIRE(text != NULL);
	if (n != 0)
		memcpy(text, data, n);
	text[n] = '\0'; /* as in http.h */
	if (groups_read(&g, text, n, &whole)) {
		REQUIRE(strict_json(text, n, 200));
		if (is_plain(text, n, user, &users)) {
			for (i = 0; i < users && i < 20; i++)
				check_user(&g, text, n, &user[i]);
			check_user(&g, text, n, &nobody);
		}
	}
	groups_release(&g);
	free(text);
	return 0;
}
