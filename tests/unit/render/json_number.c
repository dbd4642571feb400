/* Numbers in JSON. */
#include "render/json_number.h"

#include <math.h>

#include "tests/unit/test.h"

static void numbers(void)
{
	struct qos_buf b = { 0 };

	qos_json_number(&b, 1.0 / 3);
	qos_json_member(&b, "none", NAN);
	qos_json_member(&b, "endless", -INFINITY);
	qos_json_member(&b, "large", 123456789012);
	CHECK_TEXT(b.p, "0.333333333333, \"none\": null, \"endless\": null, \"large\": 123456789012");
	qos_buf_free(&b);
}

int main(void)
{
	RUN("what is no number is null", numbers);
	return DONE();
}
