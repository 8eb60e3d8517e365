/* test_life.c - every status with every transition. */

#include "judge/life.h"

#include <stddef.h>

#include "check.h"

int
main(void)
{
	static const struct {
		const char *status;
		enum life   want[4]; /* with start, stop, delete, another */
	} rows[] = {
		{ "pending", { LIFE_CHANGING, LIFE_CHANGING, LIFE_CHANGING, LIFE_CHANGING } },
		{ "starting", { LIFE_CHANGING, LIFE_CHANGING, LIFE_CHANGING, LIFE_CHANGING } },
		{ "stopping", { LIFE_CHANGING, LIFE_CHANGING, LIFE_CHANGING, LIFE_CHANGING } },
		{ "canceling", { LIFE_CHANGING, LIFE_CHANGING, LIFE_CHANGING, LIFE_CHANGING } },
		{ "deleting", { LIFE_CHANGING, LIFE_CHANGING, LIFE_CHANGING, LIFE_CHANGING } },
		{ "running", { LIFE_RUNNING, LIFE_UNKNOWN, LIFE_UNKNOWN, LIFE_UNKNOWN } },
		{ "stopped", { LIFE_STOPPED, LIFE_STOPPED, LIFE_STOPPED, LIFE_STOPPED } },
		{ "deleted", { LIFE_STOPPED, LIFE_STOPPED, LIFE_STOPPED, LIFE_STOPPED } },
		{ "failed", { LIFE_FAILED, LIFE_STUCK, LIFE_UNKNOWN, LIFE_UNKNOWN } },
		{ "canceled", { LIFE_FAILED, LIFE_STUCK, LIFE_UNKNOWN, LIFE_UNKNOWN } },
		{ "Running", { LIFE_UNKNOWN, LIFE_UNKNOWN, LIFE_UNKNOWN, LIFE_UNKNOWN } },
		{ "runningx", { LIFE_UNKNOWN, LIFE_UNKNOWN, LIFE_UNKNOWN, LIFE_UNKNOWN } },
		{ "", { LIFE_UNKNOWN, LIFE_UNKNOWN, LIFE_UNKNOWN, LIFE_UNKNOWN } },
		{ "hibernated", { LIFE_UNKNOWN, LIFE_UNKNOWN, LIFE_UNKNOWN, LIFE_UNKNOWN } },
		{ NULL, { LIFE_UNKNOWN, LIFE_UNKNOWN, LIFE_UNKNOWN, LIFE_UNKNOWN } },
	};
	static const char *const transition[] = { "start", "stop", "delete", "restart" };
	size_t                   i, k;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *status = rows[i].status, *name = status != NULL ? status : "none";

		for (k = 0; k < 4; k++) {
			enum life got = life_of(status, transition[k]);

			CHECK(name, got == rows[i].want[k], "%s: got %d", transition[k], (int)got);
		}
		CHECK(name, life_of(status, NULL) == LIFE_UNKNOWN, "known without a transition");
	}
	return CHECK_DONE();
}
