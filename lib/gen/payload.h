/* Texts that messages of a type might carry: log lines with hosts, numbers, addresses and versions filled in. */
#ifndef QOS_GEN_PAYLOAD_H
#define QOS_GEN_PAYLOAD_H

#include "base/err.h"
#include "base/rng.h"
#include "base/str.h"

#define QOS_PAYLOAD_BYTES 512 /* room that writing one may touch */

struct qos_payload;

/* Every text is printable ASCII without quotes, commas and backslashes, so no format has to escape it. */
int qos_payload_new(struct qos_payload **p, struct qos_err *err);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_payload_free(struct qos_payload *p);
/* Index of the texts for a type; types that have none of their own share some. */
int qos_payload_set(struct qos_str type);
/* Writes one of the set's texts.   Returns  the end of it.   Cost  some 2 ns a blank filled in. */
char *qos_payload_write(const struct qos_payload *p, int set, struct qos_rng *r, char *to);

#endif
