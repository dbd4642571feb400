/*
 * How urgent may a tenant's records be?  tenants[].max_class caps what they claim.
 */
#ifndef QOS_CLASSIFY_TRUST_H
#define QOS_CLASSIFY_TRUST_H

#include "base/buf.h"
#include "config/config.h"

struct qos_trust;

/* Of the tenants of the config (borrowed); NULL without failure when none has a max_class. */
int qos_trust_new(struct qos_trust **t, const struct qos_config *config, struct qos_err *err);
/* Frees it; takes NULL. */
void qos_trust_free(struct qos_trust *t);
/*
 * The class that a tenant's record gets where it would be `class`: its cap, if that is less urgent.  Counts demotions.
 *
 * tenant    empty: "default"
 * Returns   an index of the config's classes.
 */
int qos_trust_cap(struct qos_trust *t, struct qos_str tenant, int class);
/* {"NAME":N,...}: demotions of each tenant that had any; appended. */
void qos_trust_report(const struct qos_trust *t, struct qos_buf *json);

#endif
