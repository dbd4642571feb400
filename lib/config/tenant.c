/* Settings of a tenant by key. */
#include <stdio.h>

#include "base/bits.h"
#include "config/values.h"
#include "unit/unit.h"

#define WHY_BYTES 200

/* A bit rate, or a message rate: then a record counts as one byte, of that many bits a second over eight. */
static int read_limit(struct qos_limit_config *limit, struct qos_str value, char *why)
{
	int64_t num, den;

	*limit = (struct qos_limit_config){ .text = value };
	if (qos_unit_msgrate(value, &num, &den, NULL))
		return qos_unit_bitrate(value, &limit->bps, why);
	limit->by_record = true;
	limit->bps = qos_muldiv(num, 8000000000LL, den);
	if (limit->bps > 0 && limit->bps < INT64_MAX)
		return 0;
	snprintf(why, WHY_BYTES, "\"%.*s\" is out of range", QOS_STR_ARG(value));
	return -1;
}

int qos_config_tenant_set(struct qos_tenant_config *t, struct qos_str key, struct qos_str value, char *why)
{
	if (qos_str_is(key, "share")) {
		if (qos_unit_share(value, &t->share, why))
			return -1;
		if (t->share > 0)
			return 0;
		snprintf(why, WHY_BYTES, "a share of nothing would never be served; leave it out, or write 1%%");
		return -1;
	}
	if (qos_str_is(key, "rate"))
		return read_limit(&t->rate, value, why);
	if (qos_str_is(key, "ceil"))
		return read_limit(&t->ceil, value, why);
	if (qos_unit_count(value, &t->n_streams, why)) /* streams */
		return -1;
	if (t->n_streams >= 1 && t->n_streams <= INT32_MAX)
		return 0;
	snprintf(why, WHY_BYTES, "%lld is out of range; write 1 to %d", (long long)t->n_streams, INT32_MAX);
	return -1;
}

int qos_config_tenants_over(const struct qos_config *c, double *sum)
{
	int over = -1;

	*sum = 0;
	for (int i = 0; i < c->n_tenants; i++) {
		*sum += c->tenants[i].share > 0 ? c->tenants[i].share : 0;
		if (*sum > 1 + 1e-9 && over < 0)
			over = i;
	}
	return over;
}
