/* reply.c - see req.h. */

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "req.h"

#define JSON_TYPE "application/json; charset=utf-8"

const char *
req_param(const struct req *r, const char *k)
{
	for (size_t i = 0; i < r->n_params; i++)
		if (strcmp(r->params[i].k, k) == 0)
			return r->params[i].v;
	return NULL;
}

const char *
req_uuid(struct req *r, int n)
{
	char       why[64];
	struct buf message;

	if (uuid_problem(r->args[n], why) == NULL)
		return r->args[n];
	buf_init(&message, 4096);
	buf_printf(&message, "Invalid UUID \"%s\".", r->args[n]);
	reply_message(r, 400, buf_text(&message), why);
	buf_release(&message);
	return NULL;
}

void
reply_header(struct req *r, const char *name, const char *value)
{
	struct reply *reply = &r->reply;

	if (reply->n_headers == sizeof(reply->headers) / sizeof(reply->headers[0]))
		die("too many headers");
	snprintf(reply->headers[reply->n_headers].name, sizeof(reply->headers[0].name), "%s", name);
	snprintf(reply->headers[reply->n_headers++].value, sizeof(reply->headers[0].value), "%s", value);
}

struct buf *
reply_begin(struct req *r, int status)
{
	r->reply.status = status;
	snprintf(r->reply.content_type, sizeof(r->reply.content_type), "%s", JSON_TYPE);
	buf_reset(&r->reply.body);
	return &r->reply.body;
}

void
reply_end(struct req *r)
{
	buf_putc(&r->reply.body, '\n');
}

void
reply_json(struct req *r, int status, const cJSON *v)
{
	jx_print(reply_begin(r, status), v);
	reply_end(r);
}

void
reply_raw(struct req *r, int status, const char *content_type, const char *text)
{
	reply_begin(r, status);
	snprintf(r->reply.content_type, sizeof(r->reply.content_type), "%s", content_type);
	buf_puts(&r->reply.body, text);
}

void
reply_none(struct req *r, int status)
{
	reply_raw(r, status, "", "");
}

static void
answer(struct req *r, int status, const char *message, const char *detail, const char *field, const char *problem)
{
	cJSON *o = cJSON_CreateObject();

	jx_add_text(o, "message", message);
	if (detail != NULL && detail[0] != '\0')
		jx_add_text(o, "detail", detail);
	if (field != NULL) {
		cJSON *v = cJSON_CreateObject();

		jx_add_text(v, "field", field);
		jx_add_text(v, "detail", problem);
		cJSON_AddItemToArray(cJSON_AddArrayToObject(o, "validations"), v);
	}
	reply_json(r, status, o);
	cJSON_Delete(o);
}

void
reply_message(struct req *r, int status, const char *message, const char *detail)
{
	answer(r, status, message, detail, NULL, NULL);
}

void
reply_invalid(struct req *r, int status, const char *message, const char *field, const char *detail)
{
	answer(r, status, message, NULL, field, detail);
}

void
reply_not_found(struct req *r)
{
	reply_message(r, 404, "Resource not found or you do not have access to this resource", NULL);
}

void
reply_forbidden(struct req *r, const char *message)
{
	reply_message(r, 403, message,
	    "You don't have permission to view this content. If you believe this is a mistake, please contact your "
	    "administrator or try signing in with different credentials.");
}

/* Go's strconv.ParseInt(s, 10, 32), less what is negative; "" counts as absent. */
static bool
page_number(struct req *r, const char *k, size_t *n)
{
	const char *s = NULL, *digits;
	int         times = 0;
	struct buf  why;

	*n = 0;
	for (size_t i = 0; i < r->n_params; i++)
		if (strcmp(r->params[i].k, k) == 0 && times++ == 0)
			s = r->params[i].v;
	buf_init(&why, 4096);
	if (times > 1) {
		buf_printf(&why, "Query param \"%s\" provided more than once, found %d times. Only provide 1 instance of "
				 "this query param.", k, times);
	} else if (s != NULL && s[0] != '\0') {
		digits = s + (s[0] == '-' || s[0] == '+');
		buf_printf(&why, "Query param \"%s\" must be a valid 32-bit positive integer: ", k);
		if (digits[0] == '\0' || digits[strspn(digits, "0123456789")] != '\0') {
			buf_printf(&why, "strconv.ParseInt: parsing \"%s\": invalid syntax", s);
		} else if (strlen(digits) > 10 || strtoll(digits, NULL, 10) > INT_MAX) {
			buf_printf(&why, "strconv.ParseInt: parsing \"%s\": value out of range", s);
		} else if (s[0] == '-') {
			buf_puts(&why, "value is negative");
		} else {
			*n = (size_t)strtoll(digits, NULL, 10);
			buf_reset(&why);
		}
	}
	if (why.n > 0)
		reply_invalid(r, 400, "Query parameters have invalid values.", k, buf_text(&why));
	times = why.n > 0;
	buf_release(&why);
	return times == 0;
}

bool
page_params(struct req *r, size_t *limit, size_t *offset)
{
	const char *after = req_param(r, "after_id");
	char        why[64];

	if (after != NULL && after[0] != '\0' && uuid_problem(after, why) != NULL) {
		reply_invalid(r, 400, "Query parameters have invalid values.", "after_id",
		    "Query param \"after_id\" must be a valid uuid");
		return false;
	}
	return page_number(r, "limit", limit) && page_number(r, "offset", offset);
}
