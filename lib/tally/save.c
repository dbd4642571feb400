/*
 * The state of a tally, written.
 *
 *   conf  classes { name target }  fields of --by { name }  objectives { text }
 *   sums  rejected, left out, unclassified, beyond the limit of streams, first and last moment
 *   name  reasons, adapters, decisions, labels, keys { name }
 *   time  base, shift and number of the bins; series of the rest, and of each objective
 *   grps  { number, group, whether it is followed, series }
 *   adap  { group }
 *   deci  records by decision
 *   scor  labels, matrix
 *
 * A list begins with its length.  merge.c reads it in the same order.
 */
#include "tally/counts.h"
#include "tally/state.h"

static void put_names(struct qos_container_out *o, const struct qos_names *names)
{
	qos_container_number(o, names->n);
	for (uint32_t i = 0; i < names->n; i++)
		qos_container_text(o, names->name[i]);
}

static void put_conf(struct qos_container_out *o, const struct qos_tally *t)
{
	qos_container_section(o, "conf");
	qos_container_number(o, (uint64_t)t->config->n_classes);
	for (int i = 0; i < t->config->n_classes; i++) {
		qos_container_text(o, t->config->classes[i].name);
		qos_container_u64(o, (uint64_t)t->config->classes[i].latency_target_ns);
	}
	qos_container_number(o, (uint64_t)t->options.n_by);
	for (int i = 0; i < t->options.n_by; i++)
		qos_container_text(o, t->fields->names.name[t->options.by[i]]);
	qos_container_number(o, (uint64_t)t->options.n_slos);
	for (int i = 0; i < t->options.n_slos; i++)
		qos_container_text(o, t->options.slo[i].text);
}

static void put_sums(struct qos_container_out *o, const struct qos_tally *t, uint64_t n_rejected)
{
	qos_container_section(o, "sums");
	qos_container_number(o, n_rejected);
	qos_container_number(o, t->n_left_out);
	qos_container_number(o, t->n_unclassified);
	qos_container_number(o, t->n_streams_over);
	qos_container_u64(o, (uint64_t)t->first_ns);
	qos_container_u64(o, (uint64_t)t->last_ns);
}

static void put_series(struct qos_container_out *o, const struct qos_series *s, int n_bins)
{
	for (int i = 0; i < n_bins; i++) {
		const struct qos_series_bin *b = &s->bin[i];

		qos_container_number(o, b->n_in);
		qos_container_number(o, b->n_out);
		qos_container_number(o, b->n_dropped);
		qos_container_number(o, b->n_missed);
		qos_container_number(o, b->out_bytes);
		qos_container_number(o, b->latency_sum_ns);
		qos_container_number(o, (uint64_t)b->latency_max_ns);
	}
}

static void put_time(struct qos_container_out *o, const struct qos_tally *t)
{
	qos_container_section(o, "time");
	qos_container_u64(o, (uint64_t)t->timeline.base);
	qos_container_number(o, (uint64_t)t->timeline.shift);
	qos_container_number(o, (uint64_t)t->timeline.n_bins);
	put_series(o, t->rest, t->timeline.n_bins);
	for (int i = 0; i < t->options.n_slos; i++)
		put_series(o, t->slo[i], t->timeline.n_bins);
}

static void put_sketch(struct qos_container_out *o, const struct qos_sketch *s)
{
	qos_container_number(o, s->n);
	if (!s->n)
		return;
	qos_container_number(o, s->n_zero);
	qos_container_number(o, s->n_negative);
	qos_container_u64(o, (uint64_t)(unsigned __int128)s->sum);
	qos_container_u64(o, (uint64_t)((unsigned __int128)s->sum >> 64));
	qos_container_u64(o, (uint64_t)s->min);
	qos_container_u64(o, (uint64_t)s->max);
	qos_container_number(o, (uint64_t)s->first);
	qos_container_number(o, (uint64_t)s->n_buckets);
	for (int i = 0; i < s->n_buckets; i++)
		qos_container_number(o, s->count[i]);
}

static void put_portions(struct qos_container_out *o, const struct qos_portions *p)
{
	qos_container_number(o, p->n);
	for (size_t i = 0; p->slot && i <= p->mask; i++)
		if (p->slot[i].hash) {
			qos_container_u64(o, p->slot[i].hash);
			qos_container_number(o, p->slot[i].sum);
		}
}

static void put_group(struct qos_container_out *o, const struct qos_tally *t, const struct qos_tally_group *g)
{
	qos_container_number(o, g->n_records);
	qos_container_number(o, g->n_dropped);
	qos_container_number(o, g->n_latencies);
	qos_container_number(o, g->n_targets);
	qos_container_number(o, g->n_within);
	qos_container_number(o, g->out_bytes);
	for (uint32_t i = 0; i < t->reasons.n; i++)
		qos_container_number(o, g->dropped[i]);
	put_sketch(o, &g->latency);
	put_portions(o, &g->streams);
}

static void put_groups(struct qos_container_out *o, const struct qos_tally *t)
{
	uint64_t n = 0;

	for (int i = 0; i < t->groups.n; i++)
		n += t->groups.group[i] != NULL;
	qos_container_section(o, "grps");
	qos_container_number(o, n);
	for (int i = 0; i < t->groups.n; i++) {
		const struct qos_tally_group *g = t->groups.group[i];

		if (!g)
			continue;
		qos_container_number(o, (uint64_t)i);
		put_group(o, t, g);
		qos_container_number(o, g->series && g->series != t->rest);
		if (g->series && g->series != t->rest)
			put_series(o, g->series, t->timeline.n_bins);
	}
	qos_container_section(o, "adap");
	for (int i = 0; i < t->adapters.n; i++)
		put_group(o, t, t->adapters.group[i]);
}

static void put_names_and_scores(struct qos_container_out *o, const struct qos_tally *t)
{
	qos_container_section(o, "name");
	put_names(o, &t->reasons);
	put_names(o, &t->adapter_names);
	put_names(o, &t->decisions);
	put_names(o, &t->labels);
	put_names(o, &t->keys);
	qos_container_section(o, "deci");
	for (uint32_t i = 0; i < t->decisions.n; i++)
		qos_container_number(o, t->n_decided[i]);
	qos_container_section(o, "scor");
	qos_container_number(o, (uint64_t)t->score.n_labels);
	for (int i = 0; i < t->score.n_labels; i++)
		for (int k = 0; k < t->score.n_labels; k++)
			qos_container_number(o, qos_score_count(&t->score, i, k));
}

int qos_tally_save(const struct qos_tally *t, uint64_t n_rejected, struct qos_buf *b, struct qos_err *err)
{
	struct qos_container_out o;

	qos_container_begin(&o, QOS_TALLY_MAGIC, QOS_TALLY_VERSION);
	put_conf(&o, t);
	put_sums(&o, t, n_rejected);
	put_names_and_scores(&o, t);
	put_time(&o, t);
	put_groups(&o, t);
	qos_container_end(&o);
	qos_buf_add(b, o.b.p, o.b.n);
	b->failed |= o.b.failed || t->n_lost;
	qos_buf_free(&o.b);
	return b->failed ? qos_fail_memory(err, "state") : 0;
}
