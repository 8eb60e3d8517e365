/* random.h - random bits for jitter and names of runs; not for secrets. */

#ifndef CWS_RANDOM_H
#define CWS_RANDOM_H

#include <stdint.h>

/* random_u64 - 64 bits of the same, a table's seed (hash.h); never 0. */
uint64_t
random_u64(void);

/*
 * random_u32 - 32 bits, seeded by the kernel: two hosts whose cron starts in the same second
 * differ.
 */
uint32_t
random_u32(void);

#endif
