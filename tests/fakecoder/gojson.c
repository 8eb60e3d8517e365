/* gojson.c - see gojson.h.  The texts are those of encoding/json's scanner.go and decode.go. */

#include "gojson.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MAX_DEPTH 100

struct json_scan {
	const char *p, *end;
	char        why[128];
};

static bool
value(struct json_scan *s, int depth);

static bool
complain(struct json_scan *s, const char *where)
{
	if (s->p >= s->end)
		snprintf(s->why, sizeof(s->why), "unexpected EOF");
	else
		snprintf(s->why, sizeof(s->why), *s->p == '\'' ? "invalid character '\\%c' %s" : "invalid character '%c' %s",
		    *s->p, where);
	return false;
}

static void
blanks(struct json_scan *s)
{
	while (s->p < s->end && strchr(" \t\r\n", *s->p) != NULL && *s->p != '\0')
		s->p++;
}

static bool
literal(struct json_scan *s, const char *word)
{
	char where[64];

	for (size_t i = 0; word[i] != '\0'; i++, s->p++) {
		snprintf(where, sizeof(where), "in literal %s (expecting '%c')", word, word[i]);
		if (s->p >= s->end || *s->p != word[i])
			return complain(s, where);
	}
	return true;
}

static bool
string(struct json_scan *s)
{
	for (s->p++; s->p < s->end && *s->p != '"'; s->p++) {
		if ((unsigned char)*s->p < 0x20)
			return complain(s, "in string literal");
		if (*s->p == '\\' && ++s->p < s->end && strchr("\"\\/bfnrtu", *s->p) == NULL)
			return complain(s, "in string escape code");
	}
	return s->p < s->end ? (s->p++, true) : complain(s, "");
}

static bool
number(struct json_scan *s)
{
	if (*s->p == '-')
		s->p++;
	if (s->p >= s->end || *s->p < '0' || *s->p > '9')
		return complain(s, "in numeric literal");
	while (s->p < s->end && strchr("0123456789+-.eE", *s->p) != NULL && *s->p != '\0')
		s->p++;
	return true;
}

/* An object or an array, from behind its opening bracket. */
static bool
members(struct json_scan *s, bool object, int depth)
{
	char close = object ? '}' : ']';

	s->p++;
	blanks(s);
	if (s->p < s->end && *s->p == close)
		return s->p++, true;
	for (;;) {
		blanks(s);
		if (object) {
			if (s->p >= s->end || *s->p != '"')
				return complain(s, "looking for beginning of object key string");
			if (!string(s))
				return false;
			blanks(s);
			if (s->p >= s->end || *s->p != ':')
				return complain(s, "after object key");
			s->p++;
		}
		if (!value(s, depth + 1))
			return false;
		blanks(s);
		if (s->p < s->end && *s->p == close)
			return s->p++, true;
		if (s->p >= s->end || *s->p != ',')
			return complain(s, object ? "after object key:value pair" : "after array element");
		s->p++;
	}
}

static bool
value(struct json_scan *s, int depth)
{
	blanks(s);
	if (s->p >= s->end || depth > MAX_DEPTH)
		return complain(s, "");
	switch (*s->p) {
	case '{': return members(s, true, depth);
	case '[': return members(s, false, depth);
	case '"': return string(s);
	case 't': return literal(s, "true");
	case 'f': return literal(s, "false");
	case 'n': return literal(s, "null");
	default:  break;
	}
	return *s->p == '-' || (*s->p >= '0' && *s->p <= '9') ? number(s)
							       : complain(s, "looking for beginning of value");
}

static const char *
go_kind(const cJSON *v)
{
	if (cJSON_IsString(v))
		return "string";
	if (cJSON_IsNumber(v))
		return "number";
	if (cJSON_IsBool(v))
		return "bool";
	return cJSON_IsArray(v) ? "array" : "object";
}

/* Does v fit the field?  A null leaves any field as it was. */
static bool
fits(const cJSON *v, const char *type, const struct go_field *f, struct buf *why)
{
	int64_t at_us;
	char    text[64];

	if (cJSON_IsNull(v) || f->kind == GO_ANY)
		return true;
	if (f->kind == GO_UUID && cJSON_IsString(v)) {
		if (uuid_problem(v->valuestring, text) != NULL)
			buf_puts(why, text);
		return why->n == 0;
	}
	if (f->kind == GO_TIME && cJSON_IsString(v))
		return go_time(v->valuestring, "2006-01-02T15:04:05Z07:00", &at_us, why);
	if (f->kind == GO_TIME) {
		buf_puts(why, "Time.UnmarshalJSON: input is not a JSON string");
		return false;
	}
	if ((f->kind == GO_TEXT && cJSON_IsString(v)) || (f->kind == GO_BOOL && cJSON_IsBool(v)) ||
	    (f->kind == GO_INT64 && cJSON_IsNumber(v) && v->valuedouble == floor(v->valuedouble)))
		return true;
	if (f->kind == GO_INT64 && cJSON_IsNumber(v))
		snprintf(text, sizeof(text), "number %.15g", v->valuedouble);
	else
		snprintf(text, sizeof(text), "%s", go_kind(v));
	buf_printf(why, "json: cannot unmarshal %s into Go struct field %s.%s of type %s", text, type, f->name, f->type);
	return false;
}

static cJSON *
decode(const char *text, size_t len, const char *type, const struct go_field *fields, size_t n, struct buf *why)
{
	struct json_scan s = { text, text + len, "" };
	cJSON      *o;

	blanks(&s);
	if (s.p == s.end) {
		buf_puts(why, "EOF");
		return NULL;
	}
	if (!value(&s, 0)) {
		buf_puts(why, s.why);
		return NULL;
	}
	o = cJSON_ParseWithLength(text, (size_t)(s.p - text));
	if (o == NULL) {
		buf_puts(why, "invalid character");
	} else if (!cJSON_IsObject(o) && !cJSON_IsNull(o)) {
		buf_printf(why, "json: cannot unmarshal %s into Go value of type codersdk.%s", go_kind(o), type);
	} else {
		for (size_t i = 0; i < n && why->n == 0; i++) {
			const cJSON *v = jx_get(o, fields[i].name);

			if (v != NULL && fits(v, type, &fields[i], why))
				continue;
		}
	}
	if (why->n > 0) {
		cJSON_Delete(o);
		return NULL;
	}
	return o;
}

cJSON *
go_decode(struct req *r, const char *type, const struct go_field *fields, size_t n)
{
	struct buf why;
	cJSON     *o;

	buf_init(&why, 4096);
	o = decode(buf_text(&r->body), r->body.n, type, fields, n, &why);
	if (o == NULL)
		reply_message(r, 400, "Request body must be valid JSON.", buf_text(&why));
	buf_release(&why);
	return o;
}
