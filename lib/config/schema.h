/*
 * The keys of the configuration: libcyaml's tables, and the raw structs that it fills in (every value still a text).
 *
 * One table says what may stand where; libcyaml loads by it, and the check for unknown keys walks it.
 */
#ifndef QOS_CONFIG_SCHEMA_H
#define QOS_CONFIG_SCHEMA_H

#include <cyaml/cyaml.h>

struct qos_raw_class {
	char *name, *priority, *latency_target, *share, *rate, *ceil, *burst, *cburst, *queue_limit, *prio, *quantum,
		*aqm, *police, *shed, *strategy;
};

struct qos_raw_rule {
	char *name, *when, *class, *weight, *priority, *enabled;
};

struct qos_raw_adapter {
	char *name, *uri, *rate, *concurrency, *latency, *delivery, *buffer, *window, *stuck, *weight, *faults, *region,
		*services;
};

struct qos_raw_tenant {
	char *name, *share, *rate, *ceil, *streams, *max_class;
};

struct qos_raw {
	struct qos_raw_class *classes;
	uint32_t classes_count;
	struct qos_raw_rule *rules;
	uint32_t rules_count;
	struct {
		char *enable_patterns, *pattern_threshold;
		char *default_class, *enable_ml, *learning_rate, *ml_threshold, *adaptive_learning, *model, *costs;
	} classifier;
	struct {
		char *max_queue_size, *max_queued, *max_queued_bytes, *discipline, *strategy, *load_balancing,
			*processing_interval, *max_concurrent_streams, *congestion_threshold, *aqm, *metrics_interval;
		char *outlier_errors, *outlier_latency, *ejection_time, *slow_start, *adaptive_routing;
		char *shed, *shed_window;
	} router;
	struct qos_raw_adapter *adapters;
	uint32_t adapters_count;
	struct qos_raw_tenant *tenants;
	uint32_t tenants_count;
	struct {
		char *total_bandwidth, *burst, *burst_multiplier, *police;
	} bandwidth;
};

/* of the whole file */
extern const cyaml_schema_value_t qos_config_schema;

#endif
