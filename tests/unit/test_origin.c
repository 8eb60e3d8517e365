/* test_origin.c - which URLs name an origin, and which origins never leave the machine. */

#include <stdlib.h>

#include "check.h"
#include "net/origin.h"

static void
origins(void)
{
	static const struct {
		const char *url;
		int         path_ok;
		const char *want; /* NULL: refused */
	} rows[] = {
		{ "https://coder.example.com", 0, "https://coder.example.com" },
		{ "https://coder.example.com/", 0, "https://coder.example.com" },
		{ "HTTPS://Coder.Example.COM:443/", 0, "https://coder.example.com" },
		{ "http://coder.example.com:80", 0, "http://coder.example.com" },
		{ "https://coder.example.com:80", 0, "https://coder.example.com:80" },
		{ "https://coder.example.com:8443", 0, "https://coder.example.com:8443" },
		{ "http://[::1]:3000", 0, "http://[::1]:3000" },
		{ "https://coder.example.com/coder", 0, NULL },
		{ "https://coder.example.com/coder", 1, "https://coder.example.com" },
		{ "https://coder.example.com/?a=1", 0, NULL },
		{ "https://coder.example.com?", 0, NULL },
		{ "https://coder.example.com/#top", 0, NULL },
		{ "https://ada@coder.example.com", 0, NULL },
		{ "https://ada:pw@coder.example.com", 0, NULL },
		{ "https://ada:pw@coder.example.com", 1, NULL },
		{ "https://@coder.example.com", 0, NULL },
		{ "https://coder.example.com/@ada/dev", 1, "https://coder.example.com" },
		{ "ftp://coder.example.com", 0, NULL },
		{ "file:///etc/hostname", 0, NULL },
		{ "http:///coder.example.com", 0, NULL },
		{ "coder.example.com", 0, NULL },
		{ "localhost:3000", 0, NULL },
		{ "https://", 0, NULL },
		{ "https://coder example.com", 0, NULL },
		{ "https://coder.example.com:99999", 0, NULL },
		{ "https://coder.example.com:65536", 0, NULL },
		{ "https://coder.example.com:65535", 0, "https://coder.example.com:65535" },
		{ "https://coder.example.com:0", 0, NULL },
		{ "https://coder.example.com:-1", 0, NULL },
		{ "https://coder.example.com:http", 0, NULL },
		{ "http://127.1:99999", 0, NULL },
		{ "http://127.1:3000", 0, "http://127.0.0.1:3000" },
		{ "http://0x7f.1:3000", 0, "http://127.0.0.1:3000" },
		{ "http://2130706433:3000", 0, "http://127.0.0.1:3000" },
		{ "http://[0:0:0:0:0:0:0:1]:3000", 0, "http://[::1]:3000" },
		{ "http://LocalHost.:3000", 0, "http://localhost.:3000" },
		{ "http://ada@localhost:3000", 0, NULL },
		{ "http://localhost@evil.example", 0, NULL },
		{ "http://localhost:3000@evil.example", 0, NULL },
		{ "https://coder.example.com\r\nX-Evil: 1", 0, NULL },
		{ "https://k\xc3\xb6nig.example.com", 0, NULL },
		{ "https://coder%.example.com", 0, NULL },
		{ "https://coder%2eexample.com", 0, NULL },
		{ "http://%3127.1", 0, NULL },
		{ "https://coder.example.com/%31", 1, "https://coder.example.com" },
		{ "http:/coder.example.com", 0, NULL },
		{ "https:/coder%-https://example.com", 1, NULL },
		{ "", 0, NULL },
	};
	struct err err;
	size_t     i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *got = origin_parse(rows[i].url, rows[i].path_ok, &err);

		CHECK_TEXT(rows[i].url, got != NULL ? got : "(refused)",
		        rows[i].want != NULL ? rows[i].want : "(refused)");
		CHECK(rows[i].url, got != NULL || strstr(err.text, ":pw") == NULL,
		        "the message shows the password");
		free(got);
	}
}

static void
loopback(void)
{
	static const struct {
		const char *origin;
		bool        want;
	} rows[] = {
		{ "http://127.0.0.1", true },
		{ "http://127.9.9.9:3000", true },
		{ "http://[::1]:3000", true },
		{ "http://localhost:3000", true },
		{ "http://coder.localhost", true },
		{ "http://127.0.0.1.example.com", false },
		{ "http://localhost.example", false },
		{ "http://10.0.0.1", false },
		{ "http://[::2]", false },
		{ "http://notlocalhost", false },
		{ "http://localhost.", true },
		{ "http://localhost.:3000", true },
		{ "http://coder.localhost.", true },
		{ "http://.localhost", false },
		{ "http://127.0.0.1.:3000", true },
		{ "http://128.0.0.1", false },
		{ "http://0.0.0.0:3000", true },
		{ "http://0.0.0.1", false },
		{ "http://[::]", true },
		{ "http://[::1]", true },
		{ "http://[::ffff:127.0.0.1]:3000", true },
		{ "http://[::ffff:7f00:1]", true },
		{ "http://[::ffff:10.0.0.1]", false },
		{ "http://[::127.0.0.1]", false },
		{ "http://[::11]", false },
		{ "http://[fe80::1]", false },
		{ "http://localhost.evil.example", false },
		{ "http://127.0.0.1.evil.example.", false },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK(rows[i].origin, origin_is_loopback(rows[i].origin) == rows[i].want, "want %d",
		        rows[i].want);
}

/* However a person writes this machine: what libcurl makes of it is seen through. */
static void
spellings(void)
{
	static const char *const url[] = { "http://127.1", "http://0x7f.0.0.1", "http://0177.1",
		"http://2130706433", "http://[0:0:0:0:0:0:0:1]", "http://[0000::0001]:3000",
		"http://[::FFFF:127.0.0.1]", "http://[::ffff:7f00:0001]", "http://LOCALHOST",
		"HTTP://LocalHost.:3000/", "http://0", "http://127.255.255.254",
		"https://LOCALHOST" };
	struct err               err;
	size_t                   i;

	for (i = 0; i < sizeof(url) / sizeof(url[0]); i++) {
		char *origin = origin_parse(url[i], 0, &err);

		CHECK(url[i], origin != NULL && origin_is_loopback(origin),
		        "%s is not this machine", origin != NULL ? origin : "(refused)");
		free(origin);
	}
}

static void
ports(void)
{
	struct err err;

	CHECK("port", origin_parse("http://host:99999", 0, &err) == NULL && err.status == CWS_USAGE,
	        "taken");
	CHECK_TEXT("port", err.text,
	        "'http://host:99999' has a port that is no number from 1 to 65535: use one like "
	        "https://coder.example.com");
}

int
main(void)
{
	origins();
	spellings();
	ports();
	loopback();
	return CHECK_DONE();
}
