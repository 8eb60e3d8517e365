/*
 * fuzz_journal.c - any bytes as a journal: a line that is taken can be written again, and what is open is found.
 *
 * A slow search says which intents have no later line of the same action, run and workspace.
 */

#include "books/journal.h"

#include "act/recover.h"
#include "base/uuid.h"
#include "fuzz.h"
#include "slow.h"

#define LINES  200
#define ORIGIN "https://coder.example.com"

static struct journal_line line[LINES];
static size_t              lines;

static bool
same_when(struct when a, struct when b)
{
	return a.known == b.known && floor_s(a.us) == floor_s(b.us);
}

/* Written and read, a line says the same, its instants to the second. */
static void
check_again(struct rec *rec, const struct journal_line *l)
{
	static struct journal j = { .fd = -1 };
	struct journal_line   again;
	struct err            err;
	char                  text[8192];
	ssize_t               n;

	if (j.fd == -1) {
		j.path = file_of("", 0);
		j.fd = open(j.path, O_RDWR);
	}
	REQUIRE(ftruncate(j.fd, 0) == 0 && lseek(j.fd, 0, SEEK_SET) == 0);
	/* Without an outcome it would be synced to the disk each time: the same bytes but for the last member. */
	if (l->outcome.p == NULL)
		return;
	REQUIRE(journal_write(&j, l, &err) == 0);
	n = pread(j.fd, text, sizeof(text), 0);
	REQUIRE(n > 1);
	if (n == (ssize_t)sizeof(text))
		return;
	REQUIRE(text[n - 1] == '\n' && memchr(text, '\n', (size_t)n - 1) == NULL);
	REQUIRE(strict_json(text, (size_t)n, 200));
	REQUIRE(rec_parse(rec, text, (size_t)n - 1, &err) == REC_OK && journal_parse(rec, &again, &err) == 0);
	REQUIRE(strcmp(l->run, again.run) == 0 && strcmp(l->id, again.id) == 0);
	REQUIRE(strcmp(l->build_id, again.build_id) == 0 && strcmp(l->url, again.url) == 0);
	REQUIRE(strcmp(l->owner_name, again.owner_name) == 0 && strcmp(l->name, again.name) == 0);
	REQUIRE(l->action == again.action && l->build_number == again.build_number && same_when(l->at, again.at));
	REQUIRE(same_when(l->after, again.after) && (!l->after.known || same_when(l->before, again.before)));
	REQUIRE(again.outcome.n == l->outcome.n && memcmp(again.outcome.p, l->outcome.p, l->outcome.n) == 0);
}

/* What the journal knows is a record. */
static void
check_record(struct rec *rec, const struct journal_line *l)
{
	struct buf b, value;
	struct err err;

	buf_init(&b, BUF_RECORD_MAX);
	buf_init(&value, 16);
	buf_puts(&value, "{}");
	journal_record(l, "start", &value, &b);
	buf_release(&value);
	REQUIRE(strict_json(b.p, b.n, 200));
	REQUIRE(rec_parse(rec, b.p, b.n, &err) == REC_OK);
	buf_release(&b);
}

static void
read_lines(char *text, size_t n)
{
	struct rec         *rec = rec_new(), *other = rec_new();
	struct journal_line l;
	struct err          err;
	size_t              at, length;

	lines = 0;
	for (at = 0; at < n; at += length + 1) {
		char *nl = memchr(text + at, '\n', n - at), *copy;

		length = nl != NULL ? (size_t)(nl - text) - at : n - at;
		copy = exact(text + at, length);
		if (rec_parse(rec, copy, length, &err) == REC_OK && journal_parse(rec, &l, &err) == 0) {
			REQUIRE(uuid_is_plain(l.id) && l.at.known);
			check_again(other, &l);
			check_record(other, &l);
			if (lines < LINES)
				line[lines++] = l;
		}
		rec_parse(rec, "{}", 2, &err);
		free(copy);
	}
	rec_free(rec);
	rec_free(other);
}

static bool
is_open(size_t i)
{
	size_t k;

	if (line[i].outcome.p != NULL)
		return false;
	for (k = i + 1; k < lines; k++)
		if (strcmp(line[k].id, line[i].id) == 0 && strcmp(line[k].run, line[i].run) == 0 &&
		    line[k].action == line[i].action)
			return false;
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char        *text = exact((const char *)data, n);
	struct journal_key key[LINES];
	size_t       i, here = 0;
	uint64_t     bad;
	struct batch b;
	struct err   err;

	read_lines(text, n);
	for (i = 0; i < lines; i++)
		key[i] = journal_key(&line[i], ORIGIN);
	journal_settle(key, lines);
	for (i = 0; i < lines; i++) {
		REQUIRE(key[i].open == is_open(i));
		here += key[i].open && key[i].here;
	}
	batch_init(&b, ACTION_STOP);
	/* A byte order mark and a carriage return are lines' affairs, which fuzz_ndjson looks at. */
	if (lines < LINES && memchr(text, '\r', n) == NULL && !contains(text, n, "\xef\xbb\xbf")) {
		const struct recover_from from = { file_of(text, n), ORIGIN, NULL, INT64_MAX };

		REQUIRE(recover_read(&b, &from, &bad, &err) == 0);
		REQUIRE(b.n == here);
		for (i = 0; i < b.n; i++)
			REQUIRE(uuid_is_plain(b.item[i].id) && b.item[i].due);
	}
	batch_release(&b);
	free(text);
	return 0;
}
