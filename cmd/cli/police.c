/* Counts of the meters. */
#include "cli/police.h"

#include "record/color.h"

static void add_meter(struct qos_buf *json, const struct qos_police_meter *m, struct qos_str class, const char **comma)
{
	if (!m->use.meter)
		return;
	qos_buf_printf(json, "%s{", *comma);
	if (class.n) {
		qos_buf_puts(json, "\"class\":");
		qos_buf_json(json, class);
		qos_buf_puts(json, ",");
	}
	qos_buf_printf(json, "\"meter\":\"%s\"", m->use.meter->name);
	for (int i = 0; i < QOS_N_COLORS; i++)
		qos_buf_printf(json, ",\"%s\":{\"records\":%llu,\"bytes\":%llu}", qos_color_name[i],
			       (unsigned long long)m->n[i], (unsigned long long)m->bytes[i]);
	qos_buf_puts(json, "}");
	*comma = ",";
}

void cli_police_report(const struct qos_police *p, const struct qos_config *config, struct qos_buf *json)
{
	const char *comma = "";

	if (!p->on)
		return;
	qos_buf_puts(json, ",\"police\":[");
	add_meter(json, &p->link, QOS_STR(""), &comma);
	for (int i = 0; i < config->n_classes; i++)
		add_meter(json, &p->class[i], config -> classes[i].name, &comma);
	qos_buf_puts(json, "]");
}

static void add_metrics(const struct qos_police_meter *m, struct qos_str class, struct qos_prom *prom)
{
	static const struct qos_metric
		records = { "qos_policed_records_total", QOS_METRIC_COUNTER,
			    "records by the color that a meter gave them, of a class or, without one, of the link" },
		bytes = { "qos_policed_bytes_total", QOS_METRIC_COUNTER, "their bytes" };

	for (int i = 0; m->use.meter && i < QOS_N_COLORS; i++) {
		const struct qos_label *labels =
			QOS_LABELS({ "class", class }, { "color", qos_str(qos_color_name[i]) });

		qos_prom_add(prom, &records, (double)m->n[i], labels);
		qos_prom_add(prom, &bytes, (double)m->bytes[i], labels);
	}
}

void cli_police_metrics(const struct qos_police *p, const struct qos_config *config, struct qos_prom *prom)
{
	add_metrics(&p->link, QOS_STR(""), prom);
	for (int i = 0; i < config->n_classes; i++)
		add_metrics(&p->class[i], config -> classes[i].name, prom);
}
