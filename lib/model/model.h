/* The table of models. */
#ifndef QOS_MODEL_MODEL_H
#define QOS_MODEL_MODEL_H

#include "learn/model.h"

#define QOS_MODELS(X) X(linear) X(tree) X(recent) X(nn) X(ensemble)

#define QOS_MODEL_EXTERN(name) extern const struct qos_model qos_model_##name;
QOS_MODELS(QOS_MODEL_EXTERN)
/* all models, ended by NULL */
extern const struct qos_model *const qos_models[];

/* A model by name, or NULL. */
const struct qos_model *qos_model_find(struct qos_str name);

#endif
