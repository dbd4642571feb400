/* Reading --remark; the defaults are the marks by which the embedded rules know the same classes again. */
#include "cli/remark.h"

#include "unit/dscp.h"

static const int16_t by_rank[] = { 46, 34, 26, 10, 8 };

/* Classes with a smaller priority number, or the same one and before it. */
static size_t rank_of(const struct qos_config *config, int class)
{
	size_t rank = 0;

	for (int i = 0; i < config->n_classes; i++) {
		int64_t a = config->classes[i].priority, b = config->classes[class].priority;

		rank += a < b || (a == b && i < class);
	}
	return rank;
}

static int take_one(const struct qos_config *config, struct qos_str one, int16_t *dscp, struct qos_err *err)
{
	const char *colon = memchr(one.p, ':', one.n);
	struct qos_str name = { one.p, colon ? (size_t)(colon - one.p) : one.n };
	struct qos_str value = colon ? (struct qos_str){ colon + 1, one.n - name.n - 1 } : QOS_STR("");
	int class = qos_names_find(&config->class_names, name), x = qos_dscp_parse(value);

	if (class < 0)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "--remark: there is no class \"%.*s\"; write CLASS:DSCP",
				QOS_STR_ARG(name));
	if (x < 0)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE,
				"--remark: \"%.*s\" is no DSCP; write EF, AF11 to AF43, CS0 to CS7, LE or 0 to 63",
				QOS_STR_ARG(value));
	dscp[class] = (int16_t)x;
	return 0;
}

int cli_remark_read(const struct qos_config *config, const char *text, int16_t *dscp, struct qos_err *err)
{
	int rc = 0;

	for (int i = 0; i < config->n_classes; i++) {
		size_t rank = rank_of(config, i);

		dscp[i] = rank < sizeof(by_rank) / sizeof(*by_rank) ? by_rank[rank] : -1;
	}
	while (*text && !rc) {
		size_t n = strcspn(text, ",");

		rc = take_one(config, (struct qos_str){ text, n }, dscp, err);
		text += n + (text[n] == ',');
	}
	return rc;
}
