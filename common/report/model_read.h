/*
 * model_read.h - what a report takes from one record.
 *
 * The only place of a report that knows what a record looks like.
 */

#ifndef CWS_MODEL_READ_H
#define CWS_MODEL_READ_H

#include <stdint.h>

#include "base/err.h"
#include "record/rec.h"
#include "report/model_store.h"

/*
 * model_read - add the record to the model.  -1 with err when one of its members
 * has the wrong type or two contradict: nothing of it is taken.
 */
int
model_read(struct model_store *store, struct rec *rec, struct err *err);

#endif
