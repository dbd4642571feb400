/* What a tally has counted so far; seen by the tally, its state and its report alone. */
#ifndef QOS_TALLY_COUNTS_H
#define QOS_TALLY_COUNTS_H

#include "learn/score.h"
#include "stats/portion.h"
#include "stats/series.h"
#include "stats/sketch.h"
#include "tally/tally.h"

#define QOS_TALLY_REASONS   64
#define QOS_TALLY_FOLLOWED  64     /* groups that have a series of their own; the rest of them share one */
#define QOS_TALLY_KEY_BYTES 1024   /* of a group's joined values; what is longer is cut */
#define QOS_TALLY_GROUPS    100000 /* --by: records of further groups are counted together, as (other) */
#define QOS_TALLY_ADAPTERS  1000
#define QOS_TALLY_DECISIONS 16
#define QOS_TALLY_LABELS    256

struct qos_tally_group {
	uint64_t n_records, n_dropped, n_latencies, n_targets, n_within, out_bytes;
	uint64_t dropped[QOS_TALLY_REASONS];
	struct qos_sketch latency;
	struct qos_portions streams;
	struct qos_series *series; /* over time; NULL: memory ran out, or an adapter */
	uint32_t slos;             /* bit = number of an objective that is about it */
};

struct qos_tally_groups {
	struct qos_tally_group **group; /* [n]; NULL until it has a record */
	int n, room;
};

struct qos_tally {
	const struct qos_config *config;
	struct qos_fields *fields;
	struct qos_tally_options options;
	struct qos_sketch_scale *scale;
	struct qos_tally_groups groups;   /* by class, or by index in keys */
	struct qos_tally_groups adapters; /* by index in adapter_names */
	struct qos_names keys;            /* --by: the joined values, 0x1f between them */
	struct qos_names reasons;         /* of drops; beyond QOS_TALLY_REASONS - 1 the last one takes all */
	struct qos_names adapter_names;
	struct qos_names decisions; /* what stands before the colon of class_by */
	uint64_t *n_decided;        /* [decisions.n] */
	struct qos_names labels;    /* the classes first */
	struct qos_score score;
	struct qos_timeline timeline;
	struct qos_series *rest;               /* of the groups that are not followed */
	struct qos_series *slo[QOS_SLOS_MOST]; /* departed and too late, or dropped */
	int n_followed;
	uint64_t n_streams, n_streams_over, n_left_out, n_unclassified, n_lost;
	int64_t first_ns, last_ns; /* arrival, departure */
	struct qos_scratch scratch;
};

/* Number of a name, as long as there are fewer than `most`; then that of "(other)".   Fails  with -1, memory. */
int qos_tally_number(struct qos_names *names, struct qos_str name, uint32_t most);
/* Number of a reason, and of a group's joined values; they fail so, too. */
int qos_tally_reason(struct qos_tally *t, struct qos_str reason);
int qos_tally_key(struct qos_tally *t, struct qos_str key);
/* The one of this number, made when there is none.   Returns  NULL when memory ran out. */
struct qos_tally_group *qos_tally_group_at(struct qos_tally_groups *g, int i);
/* The group of a class or key, made when it has its first record; it has a series then. */
struct qos_tally_group *qos_tally_group_of(struct qos_tally *t, int i);

#endif
