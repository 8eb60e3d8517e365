/*
 * slow.h - the members of a JSON object, found without common/base/scan.c and without any hurry.
 *
 * The text has been validated by strict_json; places are offsets into it.
 */

#ifndef CWS_SLOW_H
#define CWS_SLOW_H

#include "../unit/json_gen.h"

#define SLOW_MEMBERS 400

struct slow_member {
	size_t name;  /* its opening quote */
	size_t value; /* its first byte */
	size_t end;   /* behind the value */
};

struct slow_object {
	const char        *text;
	size_t             n, members;
	struct slow_member member[SLOW_MEMBERS];
};

/* slow_read - the object at this place; false when it has more members than we care for. */
static inline bool
slow_read(struct slow_object *o, const char *text, size_t n, size_t at)
{
	struct strict s = { (const unsigned char *)text, n, at, 200 };

	o->text = text;
	o->n = n;
	o->members = 0;
	strict_take(&s, '{');
	strict_blanks(&s);
	if (strict_take(&s, '}'))
		return true;
	do {
		struct slow_member *m = &o->member[o->members];

		if (o->members++ == SLOW_MEMBERS)
			return false;
		strict_blanks(&s);
		m->name = s.i;
		strict_string(&s);
		strict_blanks(&s);
		strict_take(&s, ':');
		strict_blanks(&s);
		m->value = s.i;
		strict_value(&s, 0);
		m->end = s.i;
		strict_blanks(&s);
	} while (strict_take(&s, ','));
	return true;
}

/* The next character of the string that s is in, -1 at its closing quote. */
static inline long
slow_char(struct strict *s)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	long              c = strict_utf8(s), low;

	if (c == '"')
		return -1;
	if (c != '\\')
		return c;
	c = strict_utf8(s);
	if (c != 'u')
		return to[strchr(from, (int)c) - from];
	c = strict_hex(s);
	if (c < 0xd800 || c > 0xdfff)
		return c;
	s->i += 2;
	low = strict_hex(s);
	return 0x10000 + (c - 0xd800) * 0x400 + (low - 0xdc00);
}

static inline struct strict
slow_string(const struct slow_object *o, size_t quote)
{
	struct strict s = { (const unsigned char *)o->text, o->n, quote + 1, 200 };

	return s;
}

/* slow_spells - does the string at this place say this ASCII word? */
static inline bool
slow_spells(const struct slow_object *o, size_t quote, const char *word)
{
	struct strict s = slow_string(o, quote);

	for (; *word != '\0'; word++)
		if (slow_char(&s) != *word)
			return false;
	return slow_char(&s) == -1;
}

/* slow_find - the last member of this name, NULL when there is none. */
static inline const struct slow_member *
slow_find(const struct slow_object *o, const char *name)
{
	size_t i;

	for (i = o->members; i > 0; i--)
		if (slow_spells(o, o->member[i - 1].name, name))
			return &o->member[i - 1];
	return NULL;
}

/* slow_twice - are there two members of one name? */
static inline bool
slow_twice(const struct slow_object *o)
{
	size_t i, k;
	long   c;

	for (i = 0; i < o->members; i++)
		for (k = i + 1; k < o->members; k++) {
			struct strict a = slow_string(o, o->member[i].name), b = slow_string(o, o->member[k].name);

			while ((c = slow_char(&a)) == slow_char(&b))
				if (c == -1)
					return true;
		}
	return false;
}

#endif
