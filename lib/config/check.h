/* Does the tree fit the schema?  Every key that does not is a problem. */
#ifndef QOS_CONFIG_CHECK_H
#define QOS_CONFIG_CHECK_H

#include <cyaml/cyaml.h>

#include "config/place.h"
#include "config/problem.h"

/* Walks tree and schema together: unknown and repeated keys, and values of the wrong kind. */
void qos_config_check_keys(const struct qos_place *p, const cyaml_schema_value_t *schema,
			   struct qos_problems *problems);

#endif
