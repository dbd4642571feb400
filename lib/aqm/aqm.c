/* Queue management by name. */
#include "aqm/aqm.h"

#define QOS_AQM_ADDRESS(name) &qos_aqm_##name,
const struct qos_aqm *const qos_aqms[] = { QOS_AQMS(QOS_AQM_ADDRESS) NULL };

static int unknown(struct qos_str name, struct qos_err *err)
{
	const char *names[16], *near;
	size_t n = 0;

	names[n++] = "tail";
	for (int i = 0; qos_aqms[i]; i++)
		names[n++] = qos_aqms[i]->name;
	near = qos_nearest(name.p, name.n, names, n);
	return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "there is no queue management \"%.*s\"; %s%s%s",
			QOS_STR_ARG(name), near ? "did you mean \"" : "--aqm help lists them", near ? near : "",
			near ? "\"?" : "");
}

int qos_aqm_read(struct qos_aqm_use *use, struct qos_str text, struct qos_arena *arena, struct qos_err *err)
{
	static const struct qos_str fq = QOS_STR("fq_");
	struct qos_str rest, name = qos_params_name(text, &rest), bare = name;
	void *params;

	*use = (struct qos_aqm_use){ 0 };
	if (name.n == 0 || qos_str_is(name, "tail") || qos_str_is(name, "none"))
		return rest.n ? qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "tail drop has no parameters") : 0;
	if (qos_str_starts(name, fq)) {
		bare = (struct qos_str){ name.p + fq.n, name.n - fq.n };
		use->by_stream = true;
	}
	for (int i = 0; qos_aqms[i]; i++)
		if (qos_str_is(bare, qos_aqms[i]->name) && (!use->by_stream || qos_aqms[i]->by_stream))
			use->aqm = qos_aqms[i];
	if (!use->aqm)
		return unknown(name, err);
	params = qos_arena_get(arena, use->aqm->params_bytes);
	if (!params)
		return qos_fail_memory(err, "queue management");
	qos_params_default(use->aqm->params, params);
	use->params = params;
	return qos_params_read(use->aqm->params, params, rest, err);
}

void qos_aqms_help(struct qos_buf *b)
{
	qos_buf_puts(b, "tail       drops arrivals at the limit alone (default)\n");
	for (int i = 0; qos_aqms[i]; i++) {
		qos_buf_printf(b, "%-10s %s%s\n", qos_aqms[i]->name, qos_aqms[i]->summary,
			       qos_aqms[i]->by_stream ? "; with fq_ before the name: in each stream's own queue" : "");
		qos_params_help(qos_aqms[i]->params, b);
	}
}
