/* libcyaml's tables.  `services:`, `schema:` and `tests:` have keys of the user's own and are read from the
 * places. */
#include "config/schema.h"

#define TEXT(type, member) \
	CYAML_FIELD_STRING_PTR(#member, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 0, CYAML_UNLIMITED)
#define PART(name, fields) CYAML_FIELD_MAPPING(#name, CYAML_FLAG_OPTIONAL, struct qos_raw, name, fields)
#define LIST(name, schema)                                                                                     \
	CYAML_FIELD_SEQUENCE(#name, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct qos_raw, name, schema, 0, \
			     CYAML_UNLIMITED)

/* clang-format off */
static const cyaml_schema_field_t class_fields[] = {
	TEXT(struct qos_raw_class, name),
	TEXT(struct qos_raw_class, priority),
	TEXT(struct qos_raw_class, latency_target),
	TEXT(struct qos_raw_class, share),
	TEXT(struct qos_raw_class, rate),
	TEXT(struct qos_raw_class, ceil),
	TEXT(struct qos_raw_class, burst),
	TEXT(struct qos_raw_class, cburst),
	TEXT(struct qos_raw_class, queue_limit),
	TEXT(struct qos_raw_class, prio),
	TEXT(struct qos_raw_class, quantum),
	TEXT(struct qos_raw_class, aqm),
	TEXT(struct qos_raw_class, police),
	TEXT(struct qos_raw_class, shed),
	TEXT(struct qos_raw_class, strategy),
	CYAML_FIELD_END
};
static const cyaml_schema_value_t class_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct qos_raw_class, class_fields)
};

static const cyaml_schema_field_t rule_fields[] = {
	TEXT(struct qos_raw_rule, name),
	TEXT(struct qos_raw_rule, when),
	TEXT(struct qos_raw_rule, class),
	TEXT(struct qos_raw_rule, weight),
	TEXT(struct qos_raw_rule, priority),
	TEXT(struct qos_raw_rule, enabled),
	CYAML_FIELD_END
};
static const cyaml_schema_value_t rule_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct qos_raw_rule, rule_fields)
};

static const cyaml_schema_field_t adapter_fields[] = {
	TEXT(struct qos_raw_adapter, name),
	TEXT(struct qos_raw_adapter, uri),
	TEXT(struct qos_raw_adapter, rate),
	TEXT(struct qos_raw_adapter, concurrency),
	TEXT(struct qos_raw_adapter, latency),
	TEXT(struct qos_raw_adapter, delivery),
	TEXT(struct qos_raw_adapter, buffer),
	TEXT(struct qos_raw_adapter, window),
	TEXT(struct qos_raw_adapter, stuck),
	TEXT(struct qos_raw_adapter, weight),
	TEXT(struct qos_raw_adapter, region),
	TEXT(struct qos_raw_adapter, faults),
	TEXT(struct qos_raw_adapter, services),
	CYAML_FIELD_END
};
static const cyaml_schema_value_t adapter_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct qos_raw_adapter, adapter_fields)
};

static const cyaml_schema_field_t tenant_fields[] = {
	TEXT(struct qos_raw_tenant, name),
	TEXT(struct qos_raw_tenant, share),
	TEXT(struct qos_raw_tenant, rate),
	TEXT(struct qos_raw_tenant, ceil),
	TEXT(struct qos_raw_tenant, streams),
	TEXT(struct qos_raw_tenant, max_class),
	CYAML_FIELD_END
};
static const cyaml_schema_value_t tenant_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct qos_raw_tenant, tenant_fields)
};

/* parts of struct qos_raw that have no name of their own */
#define MEMBER(part, member) \
	{ .key = #member, \
	  .value = { .type = CYAML_STRING, .flags = CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, .data_size = 1, \
		     .string = { .min = 0, .max = CYAML_UNLIMITED } }, \
	  .data_offset = offsetof(struct qos_raw, part.member) - offsetof(struct qos_raw, part) }

static const cyaml_schema_field_t classifier_fields[] = {
	MEMBER(classifier, default_class),
	MEMBER(classifier, enable_ml),
	MEMBER(classifier, enable_patterns),
	MEMBER(classifier, pattern_threshold),
	MEMBER(classifier, learning_rate),
	MEMBER(classifier, ml_threshold),
	MEMBER(classifier, adaptive_learning),
	MEMBER(classifier, model),
	MEMBER(classifier, costs),
	CYAML_FIELD_END
};
static const cyaml_schema_field_t router_fields[] = {
	MEMBER(router, max_queue_size),
	MEMBER(router, max_queued),
	MEMBER(router, max_queued_bytes),
	MEMBER(router, shed),
	MEMBER(router, shed_window),
	MEMBER(router, discipline),
	MEMBER(router, strategy),
	MEMBER(router, load_balancing),
	MEMBER(router, processing_interval),
	MEMBER(router, outlier_errors),
	MEMBER(router, outlier_latency),
	MEMBER(router, ejection_time),
	MEMBER(router, slow_start),
	MEMBER(router, adaptive_routing),
	MEMBER(router, max_concurrent_streams),
	MEMBER(router, congestion_threshold),
	MEMBER(router, aqm),
	MEMBER(router, metrics_interval),
	CYAML_FIELD_END
};
static const cyaml_schema_field_t bandwidth_fields[] = {
	MEMBER(bandwidth, total_bandwidth),
	MEMBER(bandwidth, burst),
	MEMBER(bandwidth, burst_multiplier),
	MEMBER(bandwidth, police),
	CYAML_FIELD_END
};

static const cyaml_schema_field_t root_fields[] = {
	LIST(classes, &class_schema),
	LIST(rules, &rule_schema),
	PART(classifier, classifier_fields),
	PART(router, router_fields),
	LIST(adapters, &adapter_schema),
	LIST(tenants, &tenant_schema),
	PART(bandwidth, bandwidth_fields),
	CYAML_FIELD_IGNORE("services", CYAML_FLAG_OPTIONAL),
	CYAML_FIELD_IGNORE("schema", CYAML_FLAG_OPTIONAL),
	CYAML_FIELD_IGNORE("tests", CYAML_FLAG_OPTIONAL),
	CYAML_FIELD_END
};
/* clang-format on */

const cyaml_schema_value_t qos_config_schema = { CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct qos_raw, root_fields) };
