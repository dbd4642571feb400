/* Twelve digits: all that is measured has fewer that mean something. */
#include "render/json_number.h"

#include <math.h>

void qos_json_number(struct qos_buf *b, double x)
{
	if (isfinite(x))
		qos_buf_printf(b, "%.12g", x);
	else
		qos_buf_puts(b, "null");
}

void qos_json_member(struct qos_buf *b, const char *name, double x)
{
	qos_buf_printf(b, ", \"%s\": ", name);
	qos_json_number(b, x);
}
