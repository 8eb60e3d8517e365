/* dice.h - random bits for jitter and names of runs; not for secrets. */

#ifndef CWS_DICE_H
#define CWS_DICE_H

#include <stdint.h>

/* dice - 32 bits, seeded by the kernel: two hosts whose cron starts in the same second differ. */
uint32_t
dice(void);

#endif
