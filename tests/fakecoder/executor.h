/* executor.h - the lifecycle executor of --executor, one event of world_advance at a time. */

#ifndef FAKE_EXECUTOR_H
#define FAKE_EXECUTOR_H

#include "world.h"

/* executor_next - whose turn comes first, and at which tick; NULL when nobody's ever does. */
struct ws *
executor_next(struct world *w, int64_t *at_us);

/* executor_act - that turn, now. */
void
executor_act(struct world *w, struct ws *ws);

#endif
