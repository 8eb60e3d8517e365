/* journal_read.c - lines of a journal back to what they tell. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_write.h"
#include "base/uuid.h"
#include "base/xalloc.h"
#include "books/journal.h"

static int
missing(enum rec_member m, struct err *err)
{
	return err_set(err, CWS_PARTIAL, "a line of a journal without a usable '%s'", rec_path(m));
}

/* A text that has to be there, and to fit. */
static int
copy(const struct rec *rec, enum rec_member m, char *out, size_t size, struct err *err)
{
	const char *text;

	if (rec_text(rec, m, &text, err) != 0)
		return -1;
	if (text == NULL || strlen(text) >= size)
		return missing(m, err);
	memcpy(out, text, strlen(text) + 1);
	return 0;
}

/* A name, which may be null where nobody knew it. */
static int
copy_name(const struct rec *rec, enum rec_member m, char *out, struct err *err)
{
	out[0] = '\0';
	return rec_known(rec, m) ? copy(rec, m, out, JOURNAL_NAME_SIZE, err) : 0;
}

static int
check(const struct journal_line *l, bool numbered, struct err *err)
{
	if (!uuid_is_plain(l->id))
		return missing(REC_ID, err);
	if (!numbered)
		return missing(REC_LINE_BUILD_NUMBER, err);
	if (!l->at.known)
		return missing(REC_LINE_AT, err);
	if (action_words(l->action)->transition == NULL && !l->after.known)
		return missing(REC_LINE_DEADLINE_AFTER, err);
	if (l->outcome.p != NULL && l->outcome.p[0] != '{')
		return missing(REC_LINE_OUTCOME, err);
	return 0;
}

int
journal_parse(const struct rec *rec, struct journal_line *l, struct err *err)
{
	const char *intent;
	bool        numbered;

	memset(l, 0, sizeof(*l));
	if (rec_text(rec, REC_LINE_INTENT, &intent, err) != 0)
		return -1;
	if (intent == NULL)
		return 1;
	if (!action_of(intent, &l->action))
		return missing(REC_LINE_INTENT, err);
	if (copy(rec, REC_LINE_RUN, l->run, sizeof(l->run), err) != 0 ||
	    copy(rec, REC_ID, l->id, sizeof(l->id), err) != 0 ||
	    copy(rec, REC_LINE_BUILD_ID, l->build_id, sizeof(l->build_id), err) != 0 ||
	    copy(rec, REC_LINE_URL, l->url, sizeof(l->url), err) != 0 ||
	    copy_name(rec, REC_OWNER_NAME, l->owner_name, err) != 0 ||
	    copy_name(rec, REC_NAME, l->name, err) != 0 ||
	    rec_int(rec, REC_LINE_BUILD_NUMBER, &numbered, &l->build_number, err) != 0 ||
	    rec_when(rec, REC_LINE_AT, &l->at, err) != 0 ||
	    rec_when(rec, REC_LINE_DEADLINE_BEFORE, &l->before, err) != 0 ||
	    rec_when(rec, REC_LINE_DEADLINE_AFTER, &l->after, err) != 0)
		return -1;
	if (rec_known(rec, REC_LINE_OUTCOME))
		l->outcome = rec_raw(rec, REC_LINE_OUTCOME);
	return check(l, numbered, err);
}

/* Lines of one action of one run on one workspace, in the order of the file. */
static int
compare(const void *x, const void *y)
{
	const struct journal_line *const *a = x, *const *b = y;
	int                               c = strcmp((*a)->id, (*b)->id);

	if (c == 0)
		c = strcmp((*a)->run, (*b)->run);
	if (c == 0)
		c = (int)(*a)->action - (int)(*b)->action;
	return c != 0 ? c : *a < *b ? -1 : 1;
}

static bool
same_deed(const struct journal_line *a, const struct journal_line *b)
{
	return strcmp(a->id, b->id) == 0 && strcmp(a->run, b->run) == 0 && a->action == b->action;
}

void
journal_unsettled(const struct journal_line *line, size_t n, bool *open)
{
	const struct journal_line **sorted = xcalloc(n, sizeof(*sorted));
	size_t                      i;

	for (i = 0; i < n; i++)
		sorted[i] = &line[i];
	qsort(sorted, n, sizeof(*sorted), compare);
	/* Whatever came later about the same action, an outcome or another try, settles an intent. */
	for (i = 0; i < n; i++)
		open[sorted[i] - line] = sorted[i]->outcome.p == NULL &&
		        (i + 1 == n || !same_deed(sorted[i], sorted[i + 1]));
	free(sorted);
}

bool
journal_is_claimed(const struct journal_line *line, size_t n, const bool *open, size_t i)
{
	const struct journal_line *l = &line[i], *other;
	size_t                     k;

	for (k = 0; k < n; k++) {
		other = &line[k];
		if (strcmp(other->id, l->id) != 0 || same_deed(other, l) || other->action != l->action ||
		    strcmp(other->url, l->url) != 0)
			continue;
		if (other->outcome.p != NULL ? other->made == l->build_number + 1
		                             : k > i && open[k] && other->build_number == l->build_number)
			return true;
	}
	return false;
}

void
journal_record(const struct journal_line *l, struct buf *out)
{
	json_write_open(out, NULL);
	json_write_text(out, "id", l->id);
	json_write_foreign(out, "owner_name", l->owner_name);
	json_write_foreign(out, "name", l->name);
	json_write_foreign(out, "url", l->url);
	if (l->outcome.p != NULL) {
		json_write_open(out, "cws");
		json_write_raw(out, action_words(l->action)->member, l->outcome.p, l->outcome.n);
		json_write_close(out);
	}
	json_write_close(out);
}
