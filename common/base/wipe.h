/* wipe.h - overwrite what was secret. */

#ifndef CWS_WIPE_H
#define CWS_WIPE_H

#include <stddef.h>

/* wipe - overwrite n bytes in a way the compiler keeps. */
void
wipe(void *p, size_t n);

/* wipe_free - wipe a text and free it; NULL is nothing. */
void
wipe_free(char *text);

#endif
