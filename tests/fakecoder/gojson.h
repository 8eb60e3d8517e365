/*
 * gojson.h - request bodies, read as Go's encoding/json would, with its complaints.
 */

#ifndef FAKE_GOJSON_H
#define FAKE_GOJSON_H

#include <stdbool.h>
#include <stddef.h>

#include "req.h"

struct go_field {
	const char *name;
	enum { GO_TEXT, GO_INT64, GO_BOOL, GO_UUID, GO_TIME, GO_ANY } kind;
	const char *type; /* as Go names it */
};

/*
 * go_decode - the request's body as an object of the Go type named, whose
 * fields are given; unknown members and anything after the first value are
 * ignored.  Returns NULL after answering 400; otherwise owned by the caller.
 */
cJSON *
go_decode(struct req *r, const char *type, const struct go_field *fields, size_t n);

#endif
