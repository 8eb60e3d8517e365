/* uri.c - see uri.h. */

#include "uri.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static int
hex(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char       *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (int)((at - digits) % 16) : -1;
}

/* Decode n bytes of s; '+' is a blank in a query only. */
static char *
decoded(const char *s, size_t n, bool query)
{
	char  *out = xmemdup0(s, n);
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '%' && i + 2 < n && hex(s[i + 1]) >= 0 && hex(s[i + 2]) >= 0) {
			out[len++] = (char)(hex(s[i + 1]) * 16 + hex(s[i + 2]));
			i += 2;
		} else {
			out[len++] = query && s[i] == '+' ? ' ' : s[i];
		}
	}
	out[len] = '\0';
	return out;
}

static void
free_params(struct req *r)
{
	for (size_t i = 0; i < r->n_params; i++) {
		free(r->params[i].k);
		free(r->params[i].v);
	}
	free(r->params);
	r->params = NULL;
	r->n_params = 0;
}

void
uri_params(struct req *r, const char *query)
{
	free_params(r);
	for (const char *p = query; *p != '\0'; p += *p == '&') {
		size_t n = strcspn(p, "&"), k = strcspn(p, "=&");

		if (n > 0) {
			r->params = xrealloc(r->params, r->n_params + 1, sizeof(*r->params));
			r->params[r->n_params++] = (struct param){ decoded(p, k, true),
				k < n ? decoded(p + k + 1, n - k - 1, true) : xstrdup("") };
		}
		p += n;
	}
}

void
uri_parse(struct req *r)
{
	size_t n = strcspn(r->uri, "?");
	char  *raw = decoded(r->uri, n, false), *save = NULL;
	char  *out;

	r->query = r->uri + n + (r->uri[n] == '?');
	/* Doubled and trailing slashes are tolerated, and %2F is as good as a slash: seen live. */
	r->path = out = xcalloc(strlen(raw) + 2, 1);
	for (const char *p = raw; *p != '\0'; p++)
		if (*p != '/' || (p[strspn(p, "/")] != '\0' && p[1] != '/'))
			*out++ = *p;
	*out = '\0';
	if (r->path[0] == '\0')
		r->path[0] = '/';
	free(raw);
	r->split = xstrdup(r->path);
	for (char *p = strtok_r(r->split, "/", &save); p != NULL && r->n_segments < MAX_SEGMENTS; p = strtok_r(NULL, "/", &save))
		r->segments[r->n_segments++] = p;
	uri_params(r, r->query);
}

void
uri_free(struct req *r)
{
	free_params(r);
	free(r->path);
	free(r->split);
}
