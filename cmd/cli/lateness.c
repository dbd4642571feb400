/* How late do records leave?  The spans between due and written, in a sketch. */
#include "cli/lateness.h"

#include "unit/timestamp.h"

int cli_lateness_open(struct cli_lateness *l, struct qos_err *err)
{
	l->scale = qos_sketch_scale_new();
	return l->scale ? 0 : qos_fail_memory(err, "lateness");
}

void cli_lateness_free(struct cli_lateness *l)
{
	qos_sketch_free(&l->sketch);
	qos_sketch_scale_free(l->scale);
}

void cli_lateness_written(struct cli_lateness *l, const struct cli_clock *clock)
{
	if (l->n == 0)
		return;
	l->ended_ns = cli_clock_mono();
	for (int i = 0; i < l->n; i++) {
		int64_t late_ns = l->ended_ns - cli_clock_mono_of(clock, l->due_ns[i]);

		qos_sketch_add(&l->sketch, l->scale, late_ns);
	}
	l->n = 0;
}

static void add_seconds(struct qos_buf *json, const char *before, int64_t ns)
{
	char text[QOS_TIMESTAMP_BYTES];

	qos_buf_printf(json, "%s%.*s", before, (int)qos_seconds_write(text, ns), text);
}

void cli_lateness_report(const struct cli_lateness *l, struct qos_buf *json)
{
	const struct qos_sketch *s = &l->sketch;

	add_seconds(json, ",\"elapsed\":", l->ended_ns > l->begun_ns ? l->ended_ns - l->begun_ns : 0);
	if (s->n == 0)
		return;
	add_seconds(json, ",\"lateness\":{\"p50\":", (int64_t)qos_sketch_quantile(s, l->scale, 0.5));
	add_seconds(json, ",\"p99\":", (int64_t)qos_sketch_quantile(s, l->scale, 0.99));
	add_seconds(json, ",\"max\":", s->max);
	qos_buf_puts(json, "}");
}
