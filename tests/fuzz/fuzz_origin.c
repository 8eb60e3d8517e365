/* fuzz_origin.c - any text as a server's URL: the origin it names is a plain one, and names itself. */

#include "net/origin.h"

#include "fuzz.h"

/* scheme://host or scheme://host:port, nothing in it that could lead elsewhere. */
static void
check_origin(const char *origin)
{
	const char *host = strstr(origin, "://"), *end, *c;

	REQUIRE(strncmp(origin, "https://", 8) == 0 || strncmp(origin, "http://", 7) == 0);
	host += 3;
	REQUIRE(host[0] != '\0' && strpbrk(host, "@/?#\\ %") == NULL);
	for (c = origin; *c != '\0'; c++)
		REQUIRE(*c > ' ' && *c < 0x7f && !(*c >= 'A' && *c <= 'Z'));
	end = host[0] == '[' ? strchr(host, ']') : host + strcspn(host, ":");
	REQUIRE(end != NULL && end > host);
	end += *end == ']';
	REQUIRE(*end == '\0' || (*end == ':' && end[1] != '\0' && strspn(end + 1, "0123456789") == strlen(end + 1)));
	REQUIRE(strcmp(end, strncmp(origin, "https", 5) == 0 ? ":443" : ":80") != 0);
	origin_is_loopback(origin);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char      *text = text_of(data, n), *origin, *loose, *again;
	struct err err;

	origin = origin_parse(text, 0, &err);
	if (origin == NULL)
		REQUIRE(err.status == CWS_USAGE && err.text[0] != '\0');
	loose = origin_parse(text, 1, &err);
	if (origin != NULL) {
		check_origin(origin);
		again = origin_parse(origin, 0, &err);
		REQUIRE(again != NULL && strcmp(again, origin) == 0);
		free(again);
		/* What is taken without a path is the same with one allowed. */
		REQUIRE(loose != NULL && strcmp(loose, origin) == 0);
		REQUIRE(strchr(text, '@') == NULL);
	}
	if (loose != NULL)
		check_origin(loose);
	free(origin);
	free(loose);
	free(text);
	return 0;
}
