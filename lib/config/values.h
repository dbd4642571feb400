/* From raw texts to numbers: units, names, ranges; every wrong value is a problem with its place. */
#ifndef QOS_CONFIG_VALUES_H
#define QOS_CONFIG_VALUES_H

#include "config/place.h"
#include "config/problem.h"
#include "config/schema.h"

/*
 * Fills the config from the loaded raw structs; places come from the tree that they were loaded from.
 *
 * own_classes	the classes are the user's: embedded rules for classes that are not there are left out
 */
void qos_config_values(struct qos_config *c, const struct qos_raw *raw, const struct qos_place *root, bool own_classes,
		       bool own_rules, struct qos_problems *problems);

/* What an adapter has that says nothing of it. */
void qos_config_adapter_defaults(struct qos_adapter_config *a);
/* Adapter from "sim:?rate=..&concurrency=..&latency=..", "file:..." and the like, and `,KEY=VALUE` behind it, which are
 * taken off a->uri.   Returns  0, or -1 with why (size 200). */
int qos_config_adapter(struct qos_adapter_config *a, struct qos_str uri, char *why);
/* One setting of an adapter by key: rate, concurrency, latency, weight, ... */
int qos_config_adapter_set(struct qos_adapter_config *a, struct qos_str key, struct qos_str value, char *why);
/* One setting of a class by key, as in --class; -1 with why (size 200). */
int qos_config_class_set(struct qos_class_config *k, struct qos_str key, struct qos_str value, char *why);

/* One setting of a tenant: share, rate, ceil, streams; its texts must last.   Returns  -1 with why[200]. */
int qos_config_tenant_set(struct qos_tenant_config *t, struct qos_str key, struct qos_str value, char *why);
/* The first tenant with which the shares are over 100 %, or -1; *sum: of all shares that are given. */
int qos_config_tenants_over(const struct qos_config *c, double *sum);

#endif
