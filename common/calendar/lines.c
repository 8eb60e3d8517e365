/* lines.c - unfolding in place: what is left of a text is never longer than it was. */

#include "calendar/lines.h"

#include <string.h>

void
lines_open(struct lines *l, char *text)
{
	l->at = strncmp(text, "\xef\xbb\xbf", 3) == 0 ? text + 3 : text;
	l->lineno = 0;
	l->next = 1;
}

/* Over the end of a line: LF, or CRs and an LF behind them if there is one. */
static void
step_over_end(struct lines *l)
{
	if (*l->at == '\0')
		return;
	l->at += strspn(l->at, "\r");
	if (*l->at == '\n')
		l->at++;
	l->next++;
}

char *
lines_next(struct lines *l)
{
	char  *line, *end;
	size_t n;

	while (*l->at == '\r' || *l->at == '\n')
		step_over_end(l);
	if (*l->at == '\0')
		return NULL;
	l->lineno = l->next;
	line = end = l->at;
	for (;;) {
		n = strcspn(l->at, "\r\n");
		memmove(end, l->at, n);
		end += n;
		l->at += n;
		step_over_end(l);
		if (*l->at != ' ' && *l->at != '\t')
			break;
		l->at++;
	}
	*end = '\0'; /* at the latest where the text has its own */
	return line;
}
