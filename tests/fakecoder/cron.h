/* cron.h - autostart schedules: "CRON_TZ=Europe/Berlin 30 9 * * 1-5". */

#ifndef FAKE_CRON_H
#define FAKE_CRON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * cron_check - is s a weekly schedule as Coder v2.31 takes it?
 * Returns false and says why in the words of coderd/schedule/cron.
 */
bool
cron_check(const char *s, struct buf *why);

/* cron_next - the first firing strictly after at_us, NO_TIME when there is none within eight days. */
int64_t
cron_next(const char *s, int64_t at_us);

#endif
