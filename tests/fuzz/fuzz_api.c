/*
 * fuzz_api.c - any bytes as a reply of the API: what is taken from it fits, and is what it says.
 *
 * The first byte says which status and headers came with it.
 */

#include "base/uuid.h"
#include "coder/admins.h"
#include "coder/api.h"

#include "fuzz.h"
#include "slow.h"

#define BUILDS 3

static bool
is_word(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

static void
check_build(const struct api_build *b)
{
	REQUIRE(uuid_is_plain(b->id) && is_word(b->transition, sizeof(b->transition)));
	REQUIRE(is_word(b->job_status, sizeof(b->job_status)));
	REQUIRE(is_word(b->initiator_id, sizeof(b->initiator_id)));
	REQUIRE(is_word(b->job_error, sizeof(b->job_error)) && is_clean(b->job_error));
	REQUIRE(b->number >= -INT64_C(9007199254740991) && b->number <= INT64_C(9007199254740991));
}

/* Does this member of the object hold this text, where no escapes make it another? */
static bool
holds(const struct slow_object *o, const char *name, const char *text)
{
	const struct slow_member *m = slow_find(o, name);
	size_t                    n = strlen(text);

	if (m == NULL)
		return false;
	if (memchr(o->text + m->value, '\\', m->end - m->value) != NULL)
		return true;
	return m->end - m->value == n + 2 && memcmp(o->text + m->value + 1, text, n) == 0;
}

/* Where the body is one strict object with each name once, its members say what was read. */
static bool
is_plain(struct slow_object *o, const char *text, size_t n)
{
	struct strict s = { (const unsigned char *)text, n, 0, 200 };

	if (!strict_json(text, n, 200))
		return false;
	strict_blanks(&s);
	return s.i < n && text[s.i] == '{' && slow_read(o, text, n, s.i) && !slow_twice(o);
}

static void
check_parsers(const char *text, size_t n)
{
	static struct slow_object o;
	struct api_build          b, list[BUILDS];
	struct api_me             me;
	struct admins             admins = { .orgs = 0 };
	bool                      plain = is_plain(&o, text, n);
	int                       i, got;

	if (api_me_parse(text, n, &me) == 0) {
		REQUIRE(uuid_is_plain(me.id));
		REQUIRE(!plain || holds(&o, "id", me.id));
	}
	if (api_build_parse(text, n, &b) == 0) {
		check_build(&b);
		REQUIRE(!plain || (holds(&o, "id", b.id) && holds(&o, "transition", b.transition)));
	}
	got = api_builds_parse(text, n, list, BUILDS);
	REQUIRE(got <= BUILDS);
	for (i = 0; i < got; i++)
		check_build(&list[i]);
	REQUIRE(api_count_parse(text, n) >= -1);
	admins_add(&admins, "3ecd40d5-27b5-4fea-bdae-f1a1d0c1ed8f");
	if (admins_read(&admins, text, n))
		REQUIRE(admins_of(&admins, admins.org[0].id) == ADMIN_NO || contains(text, n, admins.org[0].id));
	else
		REQUIRE(admins_of(&admins, admins.org[0].id) == ADMIN_UNKNOWN);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const int  status[] = { 200, 201, 204, 302, 400, 401, 403, 404, 409, 429, 500, 502 };
	struct bytes      b = { data, n };
	unsigned          how = (unsigned)take_number(&b, 1);
	char             *text = malloc(b.n + 1), *copy = text_of(b.p, b.n), out[512];
	struct http_reply r = { .end = HTTP_ANSWERED, .fault = "" };

	REQUIRE(text != NULL);
	if (b.n != 0)
		memcpy(text, b.p, b.n);
	text[b.n] = '\0'; /* as in http.h */
	check_parsers(text, b.n);
	r.status = status[how % (sizeof(status) / sizeof(status[0]))];
	r.body = text;
	r.n = b.n;
	r.json = (how & 0x80) == 0;
	r.version = (how & 0x40) != 0 ? "v2" : NULL;
	r.location = (how & 0x20) != 0 ? "https://example.com/" : NULL;
	memset(out, 'x', sizeof(out));
	api_fault(&r, out, sizeof(out));
	REQUIRE(is_word(out, sizeof(out)) && is_clean(out) && strncmp(out, "HTTP ", 5) == 0);
	REQUIRE(strlen(out) <= 400);
	REQUIRE(!api_is_coder(&r) || (r.json && r.version != NULL));
	/* Half a line has room for no more. */
	api_fault(&r, out, 20);
	REQUIRE(strlen(out) < 20);
	if (uuid_is_plain(copy))
		REQUIRE(strlen(copy) == 36 && strspn(copy, "0123456789abcdef-") == 36);
	free(text);
	free(copy);
	return 0;
}
