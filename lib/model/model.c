/* Every model, by name. */
#include "model/model.h"

#define ENTRY(name) &qos_model_##name,
const struct qos_model *const qos_models[] = { QOS_MODELS(ENTRY) NULL };

const struct qos_model *qos_model_find(struct qos_str name)
{
	for (int i = 0; qos_models[i]; i++)
		if (qos_str_is(name, qos_models[i]->name))
			return qos_models[i];
	return NULL;
}
