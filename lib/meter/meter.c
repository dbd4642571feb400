/* Meters by name. */
#include "meter/meter.h"

#define QOS_METER_ADDRESS(name) &qos_meter_##name,
const struct qos_meter *const qos_meters[] = { QOS_METERS(QOS_METER_ADDRESS) NULL };

static int unknown(struct qos_str name, struct qos_err *err)
{
	const char *names[16], *near;
	size_t n = 0;

	for (int i = 0; qos_meters[i]; i++)
		names[n++] = qos_meters[i]->name;
	near = qos_nearest(name.p, name.n, names, n);
	return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "there is no meter \"%.*s\"; %s%s%s", QOS_STR_ARG(name),
			near ? "did you mean \"" : "--police help lists them", near ? near : "", near ? "\"?" : "");
}

int qos_meter_read(struct qos_meter_use *use, struct qos_str text, struct qos_arena *arena, struct qos_err *err)
{
	struct qos_str rest, name = qos_params_name(text, &rest);
	const struct qos_meter *m = NULL;
	void *params;
	int rc;

	*use = (struct qos_meter_use){ 0 };
	if (name.n == 0)
		return 0;
	for (int i = 0; qos_meters[i]; i++)
		if (qos_str_is(name, qos_meters[i]->name))
			m = qos_meters[i];
	if (!m)
		return unknown(name, err);
	params = qos_arena_get(arena, m->params_bytes);
	use->state = qos_arena_get(arena, m->state_bytes);
	if (!params || !use->state)
		return qos_fail_memory(err, "meter");
	qos_params_default(m->params, params);
	if ((rc = qos_params_read(m->params, params, rest, err)) || (m->check && (rc = m->check(params, err))))
		return rc;
	m->init(use->state, params);
	use->params = params;
	use->meter = m;
	return 0;
}

enum qos_color qos_meter_color(const struct qos_meter_use *use, int64_t bytes, enum qos_color was, int64_t now_ns)
{
	return use->meter->color(use->state, use->params, bytes, use->params->aware ? was : QOS_GREEN, now_ns);
}

void qos_meters_help(struct qos_buf *b)
{
	for (int i = 0; qos_meters[i]; i++) {
		qos_buf_printf(b, "%-10s %s\n", qos_meters[i]->name, qos_meters[i]->summary);
		qos_params_help(qos_meters[i]->params, b);
	}
}
