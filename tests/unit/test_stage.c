/* test_stage.c - what every verdict begins with. */

#include "base/json_write.h"
#include "check.h"
#include "filter/stage.h"

static void
test_verdict(void)
{
	struct buf     b;
	struct verdict v = { .due = true, .state = "expired", .stop_at = when_at(INT64_C(1795402941000000)),
		.at_us = INT64_C(1795406541000000) };

	buf_init(&b, BUF_RECORD_MAX);
	text_put(&v.why, "deadline passed \"1h\" ago");
	buf_reset(&b);
	json_write_open(&b, NULL);
	stage_put_verdict(&b, &v);
	json_write_close(&b);
	CHECK_TEXT("due", buf_text(&b),
	        "{\"due\":true,\"state\":\"expired\",\"stop_at\":\"2026-11-23T03:02:21Z\","
	        "\"why\":\"deadline passed \\\"1h\\\" ago\",\"at\":\"2026-11-23T04:02:21Z\"}");
	v.due = false;
	v.keep = true;
	v.stop_at = when_none();
	buf_reset(&b);
	json_write_open(&b, NULL);
	stage_put_verdict(&b, &v);
	json_write_int(&b, "n", 1);
	json_write_close(&b);
	CHECK_TEXT("keep", buf_text(&b), "{\"due\":false,\"state\":\"expired\",\"stop_at\":null,"
	        "\"why\":\"deadline passed \\\"1h\\\" ago\",\"at\":\"2026-11-23T04:02:21Z\","
	        "\"keep\":true,\"n\":1}");
	buf_release(&b);
}

int
main(void)
{
	test_verdict();
	return CHECK_DONE();
}
