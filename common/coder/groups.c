/* groups.c - the list of groups, turned round. */

#include "coder/groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_scan.h"
#include "base/json_write.h"
#include "base/uuid.h"
#include "base/xalloc.h"

#define NOBODY UINT32_MAX

static void
add_member(struct groups *g, const struct uuid *id, uint32_t group)
{
	bool      fresh;
	size_t    number = idset_add(&g->member_ids, id, &fresh);
	uint32_t *at;

	if (number >= g->head_room) {
		g->head_room = g->head_room != 0 ? 2 * g->head_room : 256;
		g->head = xrealloc(g->head, g->head_room, sizeof(*g->head));
	}
	if (fresh)
		g->head[number] = NOBODY;
	if (g->links == g->link_room) {
		g->link_room = g->link_room != 0 ? 2 * g->link_room : 256;
		g->link = xrealloc(g->link, g->link_room, sizeof(*g->link));
	}
	for (at = &g->head[number]; *at != NOBODY; at = &g->link[*at].next)
		if (g->link[*at].group == group)
			return;
	*at = (uint32_t)g->links;
	g->link[g->links].group = group;
	g->link[g->links++].next = NOBODY;
}

/* One group of the list; false when some of its members are hidden from this token. */
static bool
read_group(struct groups *g, struct json_scan *s)
{
	struct slice key, v, name = { "\"\"", 2 };
	int64_t      members = 0, total = -1;
	uint32_t     group = (uint32_t)g->n;

	for (json_scan_enter(s, '{'); json_scan_member(s, &key);) {
		if (slice_is(&key, "members") && json_scan_peek(s) == '[') {
			for (json_scan_enter(s, '['); json_scan_element(s); members++) {
				struct uuid id = { { 0 } };

				for (json_scan_enter(s, '{'); json_scan_member(s, &key);) {
					v = json_scan_value(s);
					if (slice_is(&key, "id"))
						id = uuid_of(v);
				}
				if (s->fault == NULL)
					add_member(g, &id, group);
			}
			continue;
		}
		v = json_scan_value(s);
		if (slice_is(&key, "name") && v.n >= 2 && v.p[0] == '"')
			name = v;
		else if (slice_is(&key, "total_member_count") && v.p != NULL)
			total = strtoll(v.p, NULL, 10);
	}
	g->name = xrealloc(g->name, g->n + 1, sizeof(*g->name));
	g->name[g->n] = xcalloc(name.n + 1, 1);
	memcpy(g->name[g->n++], name.p, name.n);
	return total <= members;
}

bool
groups_read(struct groups *g, const char *body, size_t n, bool *whole)
{
	struct json_scan s;

	*whole = true;
	json_scan_open(&s, body, n);
	if (json_scan_peek(&s) == 'n') /* Go's empty list may be null */
		json_scan_value(&s);
	else
		for (json_scan_enter(&s, '['); json_scan_element(&s);)
			*whole = read_group(g, &s) && *whole;
	return json_scan_end(&s);
}

void
groups_write(const struct groups *g, const struct uuid *id, struct buf *out)
{
	ptrdiff_t  member = idset_find(&g->member_ids, id);
	uint32_t   at = member >= 0 ? g->head[member] : NOBODY;
	struct buf b;

	buf_init(&b, BUF_RECORD_MAX);
	buf_putc(&b, '[');
	for (; at != NOBODY; at = g->link[at].next) {
		if (b.n > 1)
			buf_putc(&b, ',');
		buf_puts(&b, g->name[g->link[at].group]);
	}
	buf_putc(&b, ']');
	json_write_raw(out, "groups", b.p, b.n);
	buf_release(&b);
}

void
groups_release(struct groups *g)
{
	size_t i;

	for (i = 0; i < g->n; i++)
		free(g->name[i]);
	idset_release(&g->member_ids);
	free(g->head);
	free(g->link);
	free(g->name);
	memset(g, 0, sizeof(*g));
}
