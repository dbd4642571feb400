/* What classes are guaranteed, and whether the link has that much. */
#include <stdio.h>

#include "base/bits.h"
#include "config/config.h"
#include "unit/human.h"

#define TERMS_BYTES 300 /* of the sum in a message, which holds 512 */

int64_t qos_config_guarantee(const struct qos_config *c, const struct qos_class_config *class)
{
	if (class->rate_bps != QOS_DEFAULT)
		return class->rate_bps;
	return (int64_t)(class->share * (double)c->total_bandwidth_bps + 0.5);
}

/* The terms, `critical 600kbit/s + system 250kbit/s + ...`, as many as there is room for. */
static void list_terms(const struct qos_config *c, char *text)
{
	size_t at = 0;

	text[0] = 0;
	for (int i = 0; i < c->n_classes; i++) {
		int64_t bps = qos_config_guarantee(c, &c->classes[i]);
		char rate[QOS_HUMAN_BYTES], term[TERMS_BYTES];
		int n;

		if (bps == 0)
			continue;
		qos_human_bitrate(rate, (double)bps);
		n = snprintf(term, sizeof(term), "%s%.*s %s", at ? " + " : "", QOS_STR_ARG(c->classes[i].name), rate);
		if (at + (size_t)n + sizeof(" + ...") > TERMS_BYTES) {
			snprintf(text + at, TERMS_BYTES - at, " + ...");
			return;
		}
		memcpy(text + at, term, (size_t)n + 1);
		at += (size_t)n;
	}
}

int qos_config_check_guarantees(const struct qos_config *c, struct qos_err *err)
{
	int64_t sum_bps = 0;
	char sum[QOS_HUMAN_BYTES], link[QOS_HUMAN_BYTES], terms[TERMS_BYTES];

	for (int i = 0; i < c->n_classes; i++)
		sum_bps = qos_add_clamped(sum_bps, qos_config_guarantee(c, &c->classes[i]));
	/* shares were checked to add up to at most 1; rounding may give each class half a bit/s more */
	if (sum_bps <= c->total_bandwidth_bps + c->n_classes)
		return 0;
	qos_human_bitrate(sum, (double)sum_bps);
	qos_human_bitrate(link, (double)c->total_bandwidth_bps);
	list_terms(c, terms);
	return qos_fail(
		err, QOS_EUSAGE, QOS_NOWHERE,
		"guarantees add up to %s, the link has %s (%s); lower the rate or share of a class, or raise --rate",
		sum, link, terms);
}
