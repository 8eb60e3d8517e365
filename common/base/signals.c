/* signals.c - count signals, and die of the first. */

#include "base/signals.h"

#include <stddef.h>
#include <string.h>

static volatile sig_atomic_t came, first;

static void
on_signal(int number)
{
	if (came++ == 0)
		first = number;
}

const volatile sig_atomic_t *
signals_catch(void)
{
	static const int number[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction sa, old;
	size_t           i;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_signal; /* no SA_RESTART: a wait shall end */
	for (i = 0; i < sizeof(number) / sizeof(number[0]); i++)
		/* or one handler could interrupt the other's counting */
		sigaddset(&sa.sa_mask, number[i]);
	for (i = 0; i < sizeof(number) / sizeof(number[0]); i++)
		if (sigaction(number[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(number[i], &sa, NULL);
	return &came;
}

void
signals_end(void)
{
	struct sigaction sa;

	if (came == 0)
		return;
	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = SIG_DFL;
	sigaction(first, &sa, NULL);
	raise(first);
}
