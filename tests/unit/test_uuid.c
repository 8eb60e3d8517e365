/* test_uuid.c - ids are read strictly, and printed as they were. */

#include "base/uuid.h"
#include "check.h"

static void
parsing(void)
{
	static const struct {
		const char *text;
		bool        ok, plain;
	} rows[] = {
		{ "b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11", true, true },
		{ "B1B7F9D2-3C55-4A1E-9A74-0C2F6A3F9E11", true, false },
		{ "00000000-0000-0000-0000-000000000000", true, true },
		{ "b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e1", false, false },
		{ "b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e111", false, false },
		{ "b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e1g", false, false },
		{ "b1b7f9d2-3c55-4a1e-9a740-c2f6a3f9e11", false, false },
		{ "b1b7f9d203c55-4a1e-9a74-0c2f6a3f9e11", false, false },
		{ "-1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11", false, false },
		{ "b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11/x", false, false },
		{ "../users/me", false, false },
		{ "", false, false },
	};
	struct uuid id, upper;
	size_t      i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CHECK(rows[i].text, uuid_parse(rows[i].text, strlen(rows[i].text), &id) == rows[i].ok,
			"want %d", rows[i].ok);
		CHECK(rows[i].text, uuid_is_plain(rows[i].text) == rows[i].plain, "plain: want %d", rows[i].plain);
	}
	uuid_parse(rows[0].text, 36, &id);
	uuid_parse(rows[1].text, 36, &upper);
	CHECK("case", memcmp(&id, &upper, sizeof(id)) == 0, "upper and lower case differ");
	CHECK("bytes", id.byte[0] == 0xb1 && id.byte[15] == 0x11, "got %02x..%02x", id.byte[0], id.byte[15]);
}

static void
printing(void)
{
	static const char text[] = "\"b1b7f9d2-3c55-4a1e-9a74-0c2f6a3f9e11\"";
	struct uuid       id = uuid_of((struct slice){ text, sizeof(text) - 1 });
	static const struct uuid none;
	char              out[UUID_SIZE];

	uuid_print(out, &id);
	CHECK("printed", memcmp(out, text + 1, UUID_SIZE - 1) == 0 && out[UUID_SIZE - 1] == '\0', "got \"%s\"", out);
	id = uuid_of((struct slice){ text + 1, sizeof(text) - 2 });
	CHECK("no string", memcmp(&id, &none, sizeof(id)) == 0, "an id without quotes");
	id = uuid_of((struct slice){ NULL, 0 });
	CHECK("absent", memcmp(&id, &none, sizeof(id)) == 0, "an id of nothing");
}

int
main(void)
{
	parsing();
	printing();
	return CHECK_DONE();
}
