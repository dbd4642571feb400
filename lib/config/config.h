/*
 * The configuration of all filters: one YAML file, loaded by libcyaml, checked as a whole.
 *
 * file + --set  ->  places (libyaml: where every key and value stands)  ->  schema check (every unknown key, with the
 * nearest valid one)  ->  libcyaml into raw structs  ->  values (units, names, ranges; every error with its place)  ->
 * qos_config
 *
 * A section that the file gives replaces the embedded one.
 */
#ifndef QOS_CONFIG_CONFIG_H
#define QOS_CONFIG_CONFIG_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/names.h"

#define QOS_CLASSES_MOST   64 /* occupancy of the classes is one machine word */
#define QOS_ADAPTER_FAULTS 32
#define QOS_DEFAULT        (-1) /* a number that the user left to us */

enum qos_shed_when { QOS_SHED_NEVER, QOS_SHED_CONGESTED, QOS_SHED_ALWAYS, QOS_N_SHED };
extern const char *const qos_shed_name[QOS_N_SHED]; /* never, congested, always */

struct qos_class_config {
	struct qos_str name;
	int priority; /* 0 is served first */
	int64_t latency_target_ns;
	double share;            /* 0..1 of the total bandwidth; guaranteed, and the weight of what is lent */
	int64_t rate_bps;        /* guarantee; QOS_DEFAULT: share x total */
	int64_t ceil_bps;        /* QOS_DEFAULT: the link */
	int64_t burst_bytes;     /* QOS_DEFAULT: burst_multiplier x rate x 100ms */
	int64_t cburst_bytes;    /* depth of the ceil bucket; QOS_DEFAULT: one largest record */
	int64_t queue_limit;     /* records; QOS_DEFAULT: router.max_queue_size */
	int shape_prio;          /* HTB prio among borrowers, lower first; default 0: what is left is lent by weight */
	int64_t quantum_bytes;   /* DRR quantum among classes; QOS_DEFAULT: by share */
	int shed;                /* may it be shed? 0, 1; QOS_DEFAULT: all but the most urgent class */
	struct qos_str police;   /* a meter at arrival, as meter/meter.h reads it; empty: none */
	struct qos_str aqm;      /* queue management as aqm/aqm.h reads it; empty: router.aqm */
	struct qos_str strategy; /* where its records go; empty: router.strategy */
	struct qos_at at;        /* where it was given */
};

struct qos_rule_config {
	struct qos_str name;
	struct qos_str when;   /* expression text */
	struct qos_at when_at; /* of its first byte, for compile errors */
	int class;             /* index into classes */
	double weight;         /* default 1 */
	int priority;          /* lowest that matches wins; default 100 */
	bool enabled;
	struct qos_at at;
};

struct qos_adapter_config {
	struct qos_str name;
	struct qos_str uri;                       /* without the options behind it */
	int64_t rate_bps;                         /* QOS_DEFAULT: none given */
	int64_t rate_num, rate_den;               /* messages per ns when the rate was k/s; num 0: none */
	int concurrency;                          /* servers; default 1 */
	struct qos_str latency;                   /* a law (see pool/fault.h) of what follows service; empty: none */
	struct qos_str fault[QOS_ADAPTER_FAULTS]; /* [n_faults] as pool/fault.h reads them, of simulated ones */
	int n_faults;
	/* how it is chosen (see route/balancing.h) */
	double weight;           /* default 1 */
	struct qos_str region;   /* empty: none */
	struct qos_str services; /* auth+billing; empty: none */
	/* real ones (see route/deliver.h) */
	bool at_least_once;   /* delivery; default true */
	int64_t buffer_bytes; /* what may wait to be written; default 1MiB */
	int64_t window_bytes; /* what its other end may have read and not finished; default 256KiB */
	int64_t stuck_ns;     /* taking nothing for so long, it is left alone; default 1s */
	struct qos_at at;
};

struct qos_limit_config {
	struct qos_str text; /* as given; empty: no limit */
	int64_t bps;         /* 0: no limit */
	bool by_record;      /* a record counts as one byte */
};

struct qos_tenant_config {
	struct qos_str name;
	double share;                       /* of the service, 0..1; 0: an equal part of what the others leave */
	struct qos_limit_config rate, ceil; /* of what it brings; of what it is served */
	int64_t n_streams;                  /* active ones; 0: router.max_concurrent_streams */
	int max_class;                      /* the most urgent class of its records, index into classes; -1: any */
	struct qos_at at;
};

struct qos_test_config {
	struct qos_str record; /* as JSON */
	int class;             /* what it must become, index into classes */
	struct qos_str by;     /* what class_by must be; empty: anything */
	struct qos_at at;
};

struct qos_config {
	struct qos_arena arena;           /* owns every text below */
	struct qos_class_config *classes; /* [n_classes] in the order given */
	int n_classes;
	struct qos_names class_names; /* same indexes */
	int default_class;            /* classifier.default_class; default: the one of the greatest priority number */
	bool enable_ml, enable_patterns;
	double pattern_threshold; /* 0..1: share of a template's records that decides */
	double learning_rate;     /* > 0; each model says what it makes of it */
	double ml_threshold;      /* 0..1: under it the default class */
	bool adaptive_learning;
	struct qos_str model; /* name of a model; checked where models are known */
	struct qos_str costs; /* of wrong answers: see classify/cost.h; checked there */
	struct qos_rule_config *rules;
	int n_rules;
	struct qos_test_config *tests;
	int n_tests;
	struct qos_tenant_config *tenants;
	int n_tenants;
	struct qos_adapter_config *adapters;
	int n_adapters;
	/* router */
	int64_t max_queue_size;               /* records a class */
	int64_t max_queued, max_queued_bytes; /* of all classes together; 0: no limit */
	enum qos_shed_when shed;
	int64_t shed_window_ns;
	struct qos_str discipline;
	struct qos_str strategy;        /* empty: none was chosen; checked where strategies are known */
	int64_t processing_interval_ns; /* of housekeeping */
	int outlier_errors;             /* in a row that eject an adapter; 0: never */
	double outlier_latency;         /* mean latency over the median of all that ejects one; 0: never */
	int64_t ejection_time_ns;       /* the first */
	int64_t slow_start_ns;
	bool adaptive_routing;          /* weights follow errors and slow starts */
	bool load_balancing;            /* default true; else the first adapter that is there gets all */
	int64_t max_concurrent_streams; /* active ones */
	double congestion_threshold;    /* 0..1 of a queue's limit */
	struct qos_str aqm;             /* of classes that name none; checked where management is known */
	int64_t metrics_interval_ns;    /* how often --metrics writes its file */
	/* bandwidth */
	int64_t total_bandwidth_bps;
	int64_t link_burst_bytes; /* QOS_DEFAULT: one largest record */
	double burst_multiplier;
	struct qos_str police; /* a meter of all records together; empty: none */
	/* schema: name -> column */
	struct qos_str *schema_name, *schema_column;
	int n_schema;
	const char *file;        /* what it was read from; "embedded default" */
	struct qos_buf problems; /* after a failed load: every error, a line each, with the caret lines below it */
	int n_warnings;
	struct qos_buf warnings;
};

/*
 * Loads and checks.
 *
 * file	NULL: the embedded default
 * set	[n_set] "section.key=value" overrides, applied before checking; list items by name or index:
 * classes.critical.share=0.4
 *
 * Returns  0, or QOS_EUSAGE / QOS_EIO; then *config is still given, for its `problems`, and err has the first one.
 */
int qos_config_load(struct qos_config **config, const char *file, const char *const *set, int n_set,
		    struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_config_free(struct qos_config *c);
/* The effective configuration as YAML with every default, which loads back to the same; appended to b. */
void qos_config_dump(const struct qos_config *c, struct qos_buf *b);
/*
 * One rule from the command line, 'NAME: EXPR => CLASS', put before those of the config (priority INT_MIN, then in
 * order).
 */
int qos_config_add_rule(struct qos_config *c, const char *text, struct qos_err *err);
/* A class override from the command line:
 * 'NAME:rate=300mbit,ceil=1gbit,burst=64KiB,cburst=..,prio=0,quantum=..,limit=..,share=..'; an unknown NAME is an
 * error. */
int qos_config_set_class(struct qos_config *c, const char *text, struct qos_err *err);
/* A meter from the command line, 'srtcm,cir=..' of all records, or 'CLASS:srtcm,cir=..'. */
int qos_config_set_police(struct qos_config *c, const char *text, struct qos_err *err);
/* To be called after all overrides: sums and names that only the whole can break.   Fails  QOS_EUSAGE. */
int qos_config_validate(const struct qos_config *c, struct qos_err *err);
/* What a class is guaranteed: its rate, or its share of the total. */
int64_t qos_config_guarantee(const struct qos_config *c, const struct qos_class_config *class);
/* Fails  QOS_EUSAGE when guarantees add up to more than the link, with the sum and its terms. */
int qos_config_check_guarantees(const struct qos_config *c, struct qos_err *err);
/* When to shed, by its name.   Fails  QOS_EUSAGE. */
int qos_config_set_shed(struct qos_config *c, const char *text, struct qos_err *err);
/* An adapter from the command line: 'NAME=URI[,KEY=VALUE...]', 'NAME=sim:?rate=10mbit&concurrency=4'. */
int qos_config_add_adapter(struct qos_config *c, const char *text, struct qos_err *err);

#endif
