/* Schedules of faults, and laws of latency. */
#include "pool/fault.h"

#include <stdio.h>

#include "unit/unit.h"

#define WHY_BYTES 200
#define SECOND_NS 1000000000

/* What stands before the first `mark`, which is taken off *rest with it; false when there is none. */
static bool cut(struct qos_str *rest, char mark, struct qos_str *head)
{
	const char *at = rest->n ? memchr(rest->p, mark, rest->n) : NULL;

	if (!at)
		return false;
	*head = (struct qos_str){ rest->p, (size_t)(at - rest->p) };
	*rest = (struct qos_str){ at + 1, rest->n - head->n - 1 };
	return true;
}

/* `10s-20s` */
static int parse_range(struct qos_str text, int64_t *from_ns, int64_t *to_ns, char *why)
{
	struct qos_str from, to = text;

	if (!cut(&to, '-', &from)) {
		snprintf(why, WHY_BYTES, "\"%.*s\" is no FROM-TO; write for example 10s-20s", QOS_STR_ARG(text));
		return -1;
	}
	if (qos_unit_duration(from, SECOND_NS, from_ns, why) || qos_unit_duration(to, SECOND_NS, to_ns, why))
		return -1;
	if (*from_ns < *to_ns)
		return 0;
	snprintf(why, WHY_BYTES, "\"%.*s\" ends before it begins", QOS_STR_ARG(text));
	return -1;
}

/* `5x` */
static int parse_factor(struct qos_str text, double *factor, char *why)
{
	struct qos_str number = text;

	if (qos_str_ends(text, QOS_STR("x")))
		number.n--;
	if (number.n != text.n && !qos_unit_number(number, factor) && *factor > 0 && *factor <= 1e6)
		return 0;
	snprintf(why, WHY_BYTES, "\"%.*s\" is no factor; write for example 5x", QOS_STR_ARG(text));
	return -1;
}

static int parse_one(struct qos_faults *f, struct qos_str one, char *why)
{
	struct qos_fault_span span = { 0 };
	struct qos_str key, range, value = one;
	bool keyed = cut(&value, '=', &key);

	if (keyed && (qos_str_is(key, "error") || qos_str_is(key, "errors")))
		return qos_unit_share(value, &f->error_share, why);
	if (keyed && qos_str_is(key, "fail")) {
		range = value;
	} else if (keyed && qos_str_is(key, "slow") && cut(&value, ':', &range)) {
		if (parse_factor(value, &span.factor, why))
			return -1;
	} else {
		snprintf(why, WHY_BYTES, "\"%.*s\" is no fault; write fail=10s-20s, slow=30s-40s:5x or error=1%%",
			 QOS_STR_ARG(one));
		return -1;
	}
	if (parse_range(range, &span.from_ns, &span.to_ns, why))
		return -1;
	if (f->n_spans == QOS_FAULT_SPANS_MOST) {
		snprintf(why, WHY_BYTES, "more than %d faults", QOS_FAULT_SPANS_MOST);
		return -1;
	}
	f->span[f->n_spans++] = span;
	return 0;
}

int qos_faults_parse(struct qos_faults *f, struct qos_str text, char *why)
{
	struct qos_str one;

	while (cut(&text, ',', &one))
		if (parse_one(f, one, why))
			return -1;
	return parse_one(f, text, why);
}

struct qos_fault_state qos_faults_at(const struct qos_faults *f, int64_t t_ns)
{
	struct qos_fault_state s = { true, 1 };

	for (const struct qos_fault_span *p = f->span; p < f->span + f->n_spans; p++) {
		if (t_ns < p->from_ns || t_ns >= p->to_ns)
			continue;
		if (p->factor > 0)
			s.factor *= p->factor;
		else
			s.up = false;
	}
	return s;
}

int64_t qos_faults_next(const struct qos_faults *f, int64_t t_ns)
{
	int64_t next = INT64_MAX;

	for (const struct qos_fault_span *p = f->span; p < f->span + f->n_spans; p++) {
		if (p->from_ns > t_ns && p->from_ns < next)
			next = p->from_ns;
		if (p->to_ns > t_ns && p->to_ns < next)
			next = p->to_ns;
	}
	return next;
}

bool qos_faults_error(const struct qos_faults *f, struct qos_rng *r)
{
	return f->error_share > 0 && qos_rng_uniform(r) < f->error_share;
}

int qos_latency_parse(struct qos_latency_law *law, struct qos_str text, char *why)
{
	struct qos_str kind, value = text;

	*law = (struct qos_latency_law){ .kind = QOS_LATENCY_CONSTANT };
	if (!cut(&value, ':', &kind))
		return qos_unit_duration(text, SECOND_NS, &law->low_ns, why);
	if (qos_str_is(kind, "exp")) {
		law->kind = QOS_LATENCY_EXPONENTIAL;
		return qos_unit_duration(value, SECOND_NS, &law->low_ns, why);
	}
	if (qos_str_is(kind, "uniform")) {
		law->kind = QOS_LATENCY_UNIFORM;
		return parse_range(value, &law->low_ns, &law->high_ns, why);
	}
	snprintf(why, WHY_BYTES, "\"%.*s\" is no law of latency; write exp:2ms, uniform:1ms-3ms or 2ms",
		 QOS_STR_ARG(text));
	return -1;
}

int64_t qos_latency_draw(const struct qos_latency_law *law, struct qos_rng *r)
{
	if (law->kind == QOS_LATENCY_UNIFORM)
		return law->low_ns + (int64_t)qos_rng_below(r, (uint64_t)(law->high_ns - law->low_ns) + 1);
	if (law->kind == QOS_LATENCY_EXPONENTIAL)
		return (int64_t)((double)law->low_ns * qos_rng_exponential(r));
	return law->low_ns;
}
