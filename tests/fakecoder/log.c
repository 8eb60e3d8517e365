/* log.c - the request log: one JSON object a line, written when a request's fate is known. */

#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

static void
add_optional(cJSON *o, const char *k, const char *v)
{
	if (v != NULL)
		jx_add_text(o, k, v);
	else
		jx_add(o, k, cJSON_CreateNull());
}

void
log_open(struct server *s, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);

	if (fd == -1 || (s->log = fdopen(fd, "a")) == NULL)
		die("%s: %s", path, strerror(errno));
}

bool
log_restart(struct server *s, struct buf *why)
{
	s->n_logged = 0;
	if (s->log == NULL)
		return true;
	if (ftruncate(fileno(s->log), 0) == 0)
		return true;
	buf_printf(why, "the log: %s", strerror(errno));
	return false;
}

void
log_request(struct server *s, const struct req *r, const char *fault)
{
	const struct token *shown = r->token != NULL ? token_find(r->token) : NULL;
	cJSON              *o, *h;
	struct buf          b;

	if (s->log == NULL)
		return;
	o = cJSON_CreateObject();
	jx_add_int(o, "n", (int64_t)++s->n_logged);
	jx_add_time(o, "at", r->at_us + s->world.clock_offset_us);
	jx_add_int(o, "at_ms", r->at_ms);
	jx_add_int(o, "took_ms", clock_mono_ms() - r->at_ms);
	jx_add_text(o, "method", r->method);
	jx_add_text(o, "path", r->path);
	jx_add_text(o, "query", r->query);
	add_optional(o, "user", shown != NULL ? shown->user : NULL);
	add_optional(o, "token_id", shown != NULL ? shown->id : NULL);
	jx_add_int(o, "status", r->reply.status);
	jx_add_text(o, "body", buf_text(&r->body));
	h = cJSON_AddObjectToObject(o, "headers");
	add_optional(h, "user-agent", r->user_agent);
	add_optional(h, "accept", r->accept);
	add_optional(h, "content-type", r->content_type);
	add_optional(h, "cache-control", r->cache_control);
	jx_add_bool(h, "token", r->token != NULL);
	add_optional(o, "fault", fault);
	jx_add_bool(o, "processed", r->processed);
	buf_init(&b, BUF_RECORD_MAX);
	jx_print(&b, o);
	buf_putc(&b, '\n');
	fwrite(b.p, 1, b.n, s->log);
	fflush(s->log);
	buf_release(&b);
	cJSON_Delete(o);
}
