/* Writing JSON Lines; see json_write.c. */
#ifndef QOS_FORMAT_JSON_WRITE_H
#define QOS_FORMAT_JSON_WRITE_H

#include "base/buf.h"
#include "format/format.h"

struct qos_json_writer {
	int kept[16]; /* by column of ours: its index in fields->keep */
	bool splice;
	struct qos_buf names; /* "name": texts, one after another */
	uint32_t *name_at;    /* [n_names + 1] where they begin, by k of fields->keep */
	int n_names;
	bool ours[QOS_FIELDS_MOST]; /* by id */
};

int qos_json_begin(void *state, struct qos_writing *w, const struct qos_record *first);
void qos_json_put(void *state, struct qos_writing *w, const struct qos_record *r, const struct qos_value *v);
void qos_json_end(void *state, struct qos_writing *w);

#endif
