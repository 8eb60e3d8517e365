/* word_list.h - texts one behind the other, each with its NUL.  Pure. */

#ifndef CWS_WORD_LIST_H
#define CWS_WORD_LIST_H

#include <stddef.h>
#include <string.h>

/* first is NULL where nobody knows the list; one of no words is not that. */
struct word_list {
	const char *first;
	size_t      n;
};

/* word_next - the word behind this one, while there is one. */
static inline const char *
word_next(const char *word)
{
	return word + strlen(word) + 1;
}

#endif
