/*
 * wrap.h - the calls of our own objects that a torture run counts, or makes fail.
 *
 * The programs below torture/ are linked with --wrap for each function that
 * wrap.c and wrap_curl.c define: our objects then call __wrap_X, what libraries
 * call among themselves stays as it is.  CWS_FAIL in the environment chooses:
 *
 *	malloc:3     the third call of this family fails
 *	malloc:3+    the third and all that follow
 *	count        none; at the end "FAMILY CALLS" of each family goes to CWS_FAIL_LOG
 *
 * Each call made to fail leaves a line in the file that CWS_FAIL_LOG names: the
 * function's name, and of one that has a descriptor its number.
 */

#ifndef CWS_TORTURE_WRAP_H
#define CWS_TORTURE_WRAP_H

#include <stdbool.h>

enum family {
	F_MALLOC, /* malloc, calloc, realloc: ENOMEM */
	F_READ,   /* EIO */
	F_WRITE,  /* of anything but standard error: ENOSPC */
	F_PREAD,  /* EIO */
	F_PWRITE, /* ENOSPC */
	F_STDERR, /* a write to standard error: ENOSPC */
	F_FSYNC,  /* EIO */
	F_OPEN,   /* EMFILE */
	F_CLOSE,  /* EIO; the descriptor is closed all the same, as on Linux */
	F_FSTAT,  /* EIO */
	F_POLL,   /* ENOMEM */
	F_FORK,   /* pipe: EMFILE; fork: EAGAIN */
	F_CJSON,  /* cJSON_Parse...: no memory */
	F_SETOPT, /* curl_easy_setopt: no memory, as all below */
	F_GETINFO,
	F_HEADER,
	F_EASY,   /* curl_global_init, curl_easy_init */
	F_MULTI,  /* curl_multi_init, _setopt, _add_handle, _remove_handle, _perform, _poll */
	F_SLIST,
	F_URL,
	FAMILIES
};

/* The linker's names for a function come in pairs of one prototype: the one it was, and ours. */
#define PAIR(type, name, arguments)  \
	type __real_##name arguments; \
	type __wrap_##name arguments

/* fails - count a call; true when it is one that has to fail.  fd: -1 where there is none. */
bool
fails(enum family family, const char *function, int fd);

#endif
