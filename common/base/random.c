/* random.c - the kernel's random numbers, the clock where there are none. */

#define _DEFAULT_SOURCE /* getentropy */

#include "base/random.h"

#include <unistd.h>

#include "base/clock.h"

uint64_t
random_u64(void)
{
	return (uint64_t)random_u32() << 32 | random_u32() | 1;
}

uint32_t
random_u32(void)
{
	uint32_t v;

	if (getentropy(&v, sizeof(v)) != 0)
		v = (uint32_t)(clock_mono_ms() * 2654435761);
	return v;
}
