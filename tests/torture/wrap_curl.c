/* wrap_curl.c - what of libcurl a torture run makes fail: every function we call that can. */

#define CURL_DISABLE_TYPECHECK /* of macros around the functions that are called here with a value of any type */

#include <curl/curl.h>
#include <stdarg.h>
#include <stddef.h>

#include "wrap.h"

PAIR(CURLcode, curl_global_init, (long flags));
PAIR(CURL *, curl_easy_init, (void));
PAIR(CURLcode, curl_easy_setopt, (CURL *c, CURLoption option, ...));
PAIR(CURLcode, curl_easy_getinfo, (CURL *c, CURLINFO info, ...));
PAIR(CURLHcode, curl_easy_header, (CURL *c, const char *name, size_t index, unsigned int origin, int request,
        struct curl_header **out));
PAIR(CURLcode, curl_easy_perform, (CURL *c));
PAIR(CURLM *, curl_multi_init, (void));
PAIR(CURLMcode, curl_multi_setopt, (CURLM *m, CURLMoption option, ...));
PAIR(CURLMcode, curl_multi_add_handle, (CURLM *m, CURL *c));
PAIR(CURLMcode, curl_multi_remove_handle, (CURLM *m, CURL *c));
PAIR(CURLMcode, curl_multi_perform, (CURLM *m, int *running));
PAIR(CURLMcode, curl_multi_poll, (CURLM *m, struct curl_waitfd fds[], unsigned int n, int wait_ms, int *ready));
PAIR(struct curl_slist *, curl_slist_append, (struct curl_slist *list, const char *text));
PAIR(CURLU *, curl_url, (void));
PAIR(CURLUcode, curl_url_set, (CURLU *u, CURLUPart part, const char *text, unsigned int flags));
PAIR(CURLUcode, curl_url_get, (CURLU *u, CURLUPart part, char **text, unsigned int flags));

CURLcode
__wrap_curl_global_init(long flags)
{
	return fails(F_EASY, "curl_global_init", -1) ? CURLE_OUT_OF_MEMORY : __real_curl_global_init(flags);
}

CURL *
__wrap_curl_easy_init(void)
{
	return fails(F_EASY, "curl_easy_init", -1) ? NULL : __real_curl_easy_init();
}

/* Options of easy and multi handles are numbered by the type of their value. */
static bool
takes_long(int option)
{
	return option < CURLOPTTYPE_OBJECTPOINT;
}

static bool
takes_offset(int option)
{
	return option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB;
}

CURLcode
__wrap_curl_easy_setopt(CURL *c, CURLoption option, ...)
{
	va_list  ap;
	CURLcode rc;

	if (fails(F_SETOPT, "curl_easy_setopt", -1))
		return CURLE_OUT_OF_MEMORY;
	va_start(ap, option);
	if (takes_long((int)option))
		rc = __real_curl_easy_setopt(c, option, va_arg(ap, long));
	else if (takes_offset((int)option))
		rc = __real_curl_easy_setopt(c, option, va_arg(ap, curl_off_t));
	else /* an object, a function, a blob */
		rc = __real_curl_easy_setopt(c, option, va_arg(ap, void *));
	va_end(ap);
	return rc;
}

CURLcode
__wrap_curl_easy_getinfo(CURL *c, CURLINFO info, ...)
{
	va_list  ap;
	CURLcode rc;

	if (fails(F_GETINFO, "curl_easy_getinfo", -1))
		return CURLE_OUT_OF_MEMORY;
	va_start(ap, info);
	rc = __real_curl_easy_getinfo(c, info, va_arg(ap, void *));
	va_end(ap);
	return rc;
}

CURLHcode
__wrap_curl_easy_header(CURL *c, const char *name, size_t index, unsigned int origin, int request,
        struct curl_header **out)
{
	return fails(F_HEADER, "curl_easy_header", -1)
	               ? CURLHE_OUT_OF_MEMORY
	               : __real_curl_easy_header(c, name, index, origin, request, out);
}

CURLM *
__wrap_curl_multi_init(void)
{
	return fails(F_MULTI, "curl_multi_init", -1) ? NULL : __real_curl_multi_init();
}

CURLMcode
__wrap_curl_multi_setopt(CURLM *m, CURLMoption option, ...)
{
	va_list   ap;
	CURLMcode rc;

	if (fails(F_MULTI, "curl_multi_setopt", -1))
		return CURLM_OUT_OF_MEMORY;
	va_start(ap, option);
	if (takes_long((int)option))
		rc = __real_curl_multi_setopt(m, option, va_arg(ap, long));
	else if (takes_offset((int)option))
		rc = __real_curl_multi_setopt(m, option, va_arg(ap, curl_off_t));
	else
		rc = __real_curl_multi_setopt(m, option, va_arg(ap, void *));
	va_end(ap);
	return rc;
}

CURLMcode
__wrap_curl_multi_add_handle(CURLM *m, CURL *c)
{
	return fails(F_MULTI, "curl_multi_add_handle", -1) ? CURLM_OUT_OF_MEMORY
	                                                   : __real_curl_multi_add_handle(m, c);
}

CURLMcode
__wrap_curl_multi_remove_handle(CURLM *m, CURL *c)
{
	return fails(F_MULTI, "curl_multi_remove_handle", -1) ? CURLM_OUT_OF_MEMORY
	                                                      : __real_curl_multi_remove_handle(m, c);
}

CURLcode
__wrap_curl_easy_perform(CURL *c)
{
	return fails(F_EASY, "curl_easy_perform", -1) ? CURLE_OUT_OF_MEMORY : __real_curl_easy_perform(c);
}

CURLMcode
__wrap_curl_multi_perform(CURLM *m, int *running)
{
	return fails(F_MULTI, "curl_multi_perform", -1) ? CURLM_OUT_OF_MEMORY
	                                                : __real_curl_multi_perform(m, running);
}

CURLMcode
__wrap_curl_multi_poll(CURLM *m, struct curl_waitfd fds[], unsigned int n, int wait_ms, int *ready)
{
	return fails(F_MULTI, "curl_multi_poll", -1) ? CURLM_OUT_OF_MEMORY
	                                             : __real_curl_multi_poll(m, fds, n, wait_ms, ready);
}

struct curl_slist *
__wrap_curl_slist_append(struct curl_slist *list, const char *text)
{
	return fails(F_SLIST, "curl_slist_append", -1) ? NULL : __real_curl_slist_append(list, text);
}

CURLU *
__wrap_curl_url(void)
{
	return fails(F_URL, "curl_url", -1) ? NULL : __real_curl_url();
}

CURLUcode
__wrap_curl_url_set(CURLU *u, CURLUPart part, const char *text, unsigned int flags)
{
	return fails(F_URL, "curl_url_set", -1) ? CURLUE_OUT_OF_MEMORY : __real_curl_url_set(u, part, text, flags);
}

CURLUcode
__wrap_curl_url_get(CURLU *u, CURLUPart part, char **text, unsigned int flags)
{
	return fails(F_URL, "curl_url_get", -1) ? CURLUE_OUT_OF_MEMORY : __real_curl_url_get(u, part, text, flags);
}
