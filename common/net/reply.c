/* reply.c - what libcurl hands over of a reply, piece by piece and at its end. */

#include "net/reply.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/diag.h"
#include "net/age.h"
#include "net/retry.h"

#define HEAD_MAX ((size_t)256 << 10) /* of one reply; Coder's and a proxy's are a few KiB */
#define BODY_KEEP ((size_t)64 << 10)
#define DATE_MAX_S INT64_C(253402300799) /* 9999-12-31T23:59:59Z */
#define NO_DATE ((time_t)-1)

void
reply_init(struct reply *in)
{
	buf_init(&in->body, BUF_BODY_MAX);
}

void
reply_release(struct reply *in)
{
	buf_release(&in->body);
}

void
reply_begin(struct reply *in, size_t max)
{
	buf_reset(&in->body);
	in->body.max = max;
	in->head = 0;
	in->heard_ms = 0;
}

void
reply_drop(struct reply *in)
{
	if (in->body.cap > BODY_KEEP)
		buf_release(&in->body);
}

/* No option of libcurl 7.88 bounds a decompressed or chunked body: count here. */
size_t
reply_on_body(char *p, size_t one, size_t n, void *arg)
{
	struct reply *in = arg;

	(void)one; /* always 1 */
	buf_put(&in->body, p, n);
	return in->body.over ? 0 : n;
}

/* Nor one the headers, of which 7.88 takes any number behind a body. */
bool
reply_take_header(struct reply *in, size_t n)
{
	in->head += n;
	return in->head <= HEAD_MAX;
}

bool
reply_excess(const struct reply *in, char *out, size_t size)
{
	if (in->body.over)
		snprintf(out, size, "the reply is larger than %zu MiB", in->body.max >> 20);
	else if (in->head > HEAD_MAX)
		snprintf(out, size, "the reply has more than %zu KiB of headers", HEAD_MAX >> 10);
	else
		return false;
	return true;
}

/*
 * The value of a reply's i-th header of this name, borrowed from the handle; NULL when there is
 * none, and with *ok false when nobody can say.
 */
static const char *
header_at(CURL *easy, const char *name, size_t i, bool *ok)
{
	struct curl_header *found;
	CURLHcode           rc = curl_easy_header(easy, name, i, CURLH_HEADER, -1, &found);

	if (rc != CURLHE_OK && rc != CURLHE_MISSING && rc != CURLHE_NOHEADERS &&
	        rc != CURLHE_BADINDEX)
		*ok = false;
	return rc == CURLHE_OK ? found->value : NULL;
}

static const char *
header(CURL *easy, const char *name, bool *ok)
{
	return header_at(easy, name, 0, ok);
}

static bool
is_json(const char *type)
{
	static const char want[] = "application/json";
	const size_t      n = sizeof(want) - 1;

	if (type == NULL || strlen(type) < n || !curl_strnequal(type, want, n))
		return false;
	return type[n] == '\0' || type[n] == ';' || type[n] == ' ';
}

/* The server's clock, s; NO_DATE where it does not say. */
static time_t
date_of(CURL *easy, bool *ok)
{
	const char *date = header(easy, "date", ok);
	time_t      at = date != NULL ? curl_getdate(date, NULL) : NO_DATE;

	/* libcurl reads years of any length, and milliseconds of those fit nowhere. */
	return at < 0 || (int64_t)at > DATE_MAX_S ? NO_DATE : at;
}

static int64_t
age_of(CURL *easy, bool *ok)
{
	const char *value;
	int64_t     age_s = 0;
	size_t      i;

	for (i = 0; (value = header_at(easy, "age", i, ok)) != NULL; i++)
		age_s = age_with(age_s, value);
	return age_s;
}

/*
 * How long to wait, and how old it is.  Our clock may be an hour off: an instant of the server's is
 * held against the server's own.
 */
static void
read_spans(CURL *easy, time_t date, struct http_reply *out, bool *ok)
{
	const char *after = header(easy, "retry-after", ok);

	out->age_s = age_of(easy, ok);
	if (after != NULL)
		out->retry_after_s = retry_after_s(after, (int64_t)curl_getdate(after, NULL),
		        date != NO_DATE ? (int64_t)date : clock_wall_us() / 1000000);
}

/*
 * The server's clock minus ours; what a cache kept tells of another time.  Date has whole seconds:
 * half of one is the best guess for the rest.
 */
static void
read_clock(CURL *easy, time_t date, struct http_reply *out, bool *ok)
{
	curl_off_t total_us = 0, first_us = 0;

	if (date == NO_DATE || out->age_s != 0)
		return;
	if (curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &total_us) != CURLE_OK ||
	        curl_easy_getinfo(easy, CURLINFO_STARTTRANSFER_TIME_T, &first_us) != CURLE_OK)
		*ok = false;
	out->has_date = true;
	out->date_us = (int64_t)date * 1000000 + 500000;
	out->offset_ms =
	        (int64_t)date * 1000 + 500 - (clock_wall_us() - (total_us - first_us)) / 1000;
}

/* What sent it, and where it points to. */
static void
read_texts(struct reply *in, const char *version, const char *location, struct http_reply *out)
{
	if (version != NULL) {
		diag_clean(in->version, sizeof(in->version) - 1, version, strlen(version));
		out->version = in->version;
	}
	if (location != NULL) {
		diag_clean(
		        in->location, sizeof(in->location) - 1, location, strcspn(location, "?#"));
		out->location = in->location;
	}
}

CURLcode
reply_read(struct reply *in, CURL *easy, const char *version_header, struct http_reply *out,
        char *error)
{
	long        status = 0;
	const char *type = NULL, *location = NULL;
	time_t      date;
	bool        ok;

	ok = curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK &&
	     curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK &&
	     curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &location) == CURLE_OK;
	out->status = (int)status;
	out->heard_ms = in->heard_ms;
	out->json = is_json(type);
	out->body = buf_text(&in->body);
	out->n = in->body.n;
	date = date_of(easy, &ok);
	read_spans(easy, date, out, &ok);
	read_clock(easy, date, out, &ok);
	read_texts(in, version_header != NULL ? header(easy, version_header, &ok) : NULL, location,
	        out);
	if (!ok)
		return CURLE_OUT_OF_MEMORY;
	if (status >= 100 && status <= 599)
		return CURLE_OK;
	/* libcurl takes any three digits, and something like HTTP/0.9 behind a 100 */
	snprintf(error, CURL_ERROR_SIZE, "HTTP %ld is no status of HTTP", status);
	return CURLE_WEIRD_SERVER_REPLY;
}
