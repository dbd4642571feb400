/*
 * Which few rules would say what the labels say?
 */
#ifndef QOS_CLASSIFY_SUGGEST_H
#define QOS_CLASSIFY_SUGGEST_H

#include "config/config.h"
#include "record/stage.h"

struct qos_suggest;

/* Of the classes of the config (borrowed); the fields that it reads become wanted. */
int qos_suggest_new(struct qos_suggest **s, const struct qos_config *config, struct qos_fields *fields,
		    struct qos_err *err);
/* Frees it; takes NULL. */
void qos_suggest_free(struct qos_suggest *s);
/* A stage that remembers the first 50000 records whose label is a class. */
struct qos_stage qos_suggest_stage(struct qos_suggest *s);
/* The rules as a section of a config, support and precision of each behind it; appended. */
void qos_suggest_write(struct qos_suggest *s, struct qos_buf *b);

#endif
