/* holidays_load.c - a file's text for holidays.c. */

#include "settings/holidays_load.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/readfile.h"
#include "base/rfc3339.h"
#include "base/when.h"

#define DAY_US (DAY_S * US_PER_S)

/* Days that are nobody's any more: the file was to be made anew. */
static void
warn_if_over(const struct holidays *h, const char *path)
{
	char last[RFC3339_SIZE];

	if (h->dates == 0) {
		diag_warn("%s: no date in it, so no day is a holiday", path);
	} else if (h->last < h->around) {
		rfc3339_print(last, h->last * DAY_US);
		diag_warn("%s: its last day, %.10s, has passed: make it anew", path, last);
	}
}

int
holidays_load(struct holidays *h, const char *path, int64_t now_us, struct err *err)
{
	char       *text;
	const char *fault;
	int         status = 0;

	text = readfile_text(path, HOLIDAYS_FILE_MAX, "not text of at most 4 MiB", 0, err);
	if (text == NULL)
		return -1;
	fault = holidays_parse(h, text, strlen(text), floor_day(floor_s(now_us)));
	if (holidays_is_calendar(text, strlen(text)))
		status = err_set(err, CWS_USAGE,
		        "%s: an iCalendar file, where dates are expected: run cws-holidays '%s' "
		        ">holidays.txt and name holidays.txt",
		        path, path);
	else if (fault != NULL)
		status = err_set(err, CWS_USAGE, "%s:%zu: %s", path, h->line, fault);
	else
		warn_if_over(h, path);
	free(text);
	return status;
}
