/*
 * Trust: a tenant's cap, by name.
 *
 * Cost   one look-up of a name a record.
 */
#include "classify/trust.h"

#include <stdlib.h>

struct qos_trust {
	const struct qos_config *config;
	struct qos_names names; /* index of the tenant in the config */
	uint64_t *n_demoted;    /* [n_tenants] */
};

int qos_trust_new(struct qos_trust **out, const struct qos_config *config, struct qos_err *err)
{
	struct qos_trust *t;
	int n_capped = 0;

	*out = NULL;
	for (int i = 0; i < config->n_tenants; i++)
		n_capped += config->tenants[i].max_class >= 0;
	if (!n_capped)
		return 0;
	if (!(t = calloc(1, sizeof(*t))))
		return qos_fail_memory(err, "tenants");
	t->config = config;
	t->n_demoted = calloc((size_t)config->n_tenants, sizeof(*t->n_demoted));
	for (int i = 0; t->n_demoted && i < config->n_tenants; i++) {
		if (qos_names_add(&t->names, config->tenants[i].name) == i)
			continue;
		qos_trust_free(t);
		return qos_fail_memory(err, "tenants");
	}
	*out = t;
	if (t->n_demoted)
		return 0;
	*out = NULL;
	qos_trust_free(t);
	return qos_fail_memory(err, "tenants");
}

void qos_trust_free(struct qos_trust *t)
{
	if (!t)
		return;
	qos_names_free(&t->names);
	free(t->n_demoted);
	free(t);
}

int qos_trust_cap(struct qos_trust *t, struct qos_str tenant, int class)
{
	int i = qos_names_find(&t->names, tenant.n ? tenant : QOS_STR("default"));
	const struct qos_class_config *classes = t->config->classes;
	int most = i < 0 ? -1 : t->config->tenants[i].max_class;

	if (most < 0 || classes[class].priority >= classes[most].priority)
		return class;
	t->n_demoted[i]++;
	return most;
}

void qos_trust_report(const struct qos_trust *t, struct qos_buf *json)
{
	const char *comma = "";

	qos_buf_puts(json, "{");
	for (int i = 0; i < t->config->n_tenants; i++) {
		if (!t->n_demoted[i])
			continue;
		qos_buf_puts(json, comma);
		qos_buf_json(json, t->config->tenants[i].name);
		qos_buf_printf(json, ":%llu", (unsigned long long)t->n_demoted[i]);
		comma = ",";
	}
	qos_buf_puts(json, "}");
}
