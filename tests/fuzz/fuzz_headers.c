/*
 * fuzz_headers.c - any text as CODER_HEADER: no header that could end another, and the same again from their CSV.
 */

#include "coder/headers.h"

#include <strings.h>

#include "base/buf.h"
#include "fuzz.h"

static void
check_header(const char *item, struct buf *csv)
{
	static const char *const ours[] = { "coder-session-token", "host", "content-length", "transfer-encoding",
		"connection", "content-type", "accept" };
	size_t                   name = strcspn(item, ":;"), i;

	REQUIRE(name > 0 && item[name] != '\0');
	for (i = 0; i < name; i++)
		REQUIRE(item[i] > ' ' && item[i] < 0x7f && strchr("()<>@,\\\"/[]?={}", item[i]) == NULL);
	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		REQUIRE(strlen(ours[i]) != name || strncasecmp(ours[i], item, name) != 0);
	REQUIRE(item[name] == ';' ? item[name + 1] == '\0' : item[name + 1] == ' ' && item[name + 2] != '\0');
	for (i = name + 1; item[i] != '\0'; i++)
		REQUIRE((unsigned char)item[i] >= ' ' || item[i] == '\t');
	if (csv->n != 0)
		buf_putc(csv, ',');
	buf_putc(csv, '"');
	buf_put(csv, item, name);
	buf_putc(csv, '=');
	for (i = name + 2; item[name] == ':' && item[i] != '\0'; i++) {
		if (item[i] == '"')
			buf_putc(csv, '"');
		buf_putc(csv, item[i]);
	}
	buf_putc(csv, '"');
}

static void
drop(struct headers *h)
{
	while (h->n > 0)
		free(h->item[--h->n]);
	free(h->item);
	h->item = NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct headers h = { NULL, 0 }, again = { NULL, 0 };
	char          *text = text_of(data, n);
	struct buf     csv;
	struct err     err;
	size_t         i;

	buf_init(&csv, BUF_RECORD_MAX);
	if (headers_csv(&h, text, &err) == 0) {
		REQUIRE(h.n >= 1);
		for (i = 0; i < h.n; i++)
			check_header(h.item[i], &csv);
		REQUIRE(headers_csv(&again, buf_text(&csv), &err) == 0 && again.n == h.n);
		for (i = 0; i < h.n; i++)
			REQUIRE(strcmp(h.item[i], again.item[i]) == 0);
	} else {
		REQUIRE(err.status == CWS_USAGE && is_clean(err.text));
	}
	drop(&h);
	drop(&again);
	buf_release(&csv);
	free(text);
	return 0;
}
