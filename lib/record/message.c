/* Values one behind the other, a cell for each field; numbers are read as a reader's are. */
#include "record/message.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "record/decode.h"

#define MESSAGE_BYTES_MOST ((size_t)1 << 27) /* so that any place and length fits into a cell */

struct qos_message {
	struct qos_fields *fields;
	struct qos_decode decode;
	struct qos_record record;
	struct qos_buf bytes;
	int64_t now_ns;
	uint64_t n_begun;
	bool too_long;
	struct qos_cell cell[QOS_FIELDS_MOST]; /* by field id */
};

int qos_message_new(struct qos_message **m, struct qos_fields *fields, const struct qos_names *classes,
		    struct qos_err *err)
{
	*m = calloc(1, sizeof(**m));
	if (!*m)
		return qos_fail_memory(err, "message");
	(*m)->fields = fields;
	(*m)->decode = (struct qos_decode){ .size = true,
					    .service_time = true,
					    .max_latency = true,
					    .class = classes != NULL,
					    .drop = true,
					    .classes = classes };
	qos_decode_want(&(*m)->decode, fields);
	return 0;
}

void qos_message_free(struct qos_message *m)
{
	if (!m)
		return;
	qos_buf_free(&m->bytes);
	free(m);
}

void qos_message_begin(struct qos_message *m, int64_t now_ns)
{
	memset(m->cell, 0, (size_t)qos_fields_count(m->fields) * sizeof(*m->cell));
	m->bytes.n = 0;
	m->now_ns = now_ns;
	m->too_long = false;
	m->n_begun++;
}

void qos_message_set(struct qos_message *m, const char *field, struct qos_str value)
{
	int id = qos_names_find(&m->fields->names, qos_str(field));

	if (value.n > MESSAGE_BYTES_MOST - m->bytes.n) {
		m->too_long = true;
		return;
	}
	if (id >= 0)
		m->cell[id] = (struct qos_cell){ (uint32_t)m->bytes.n, (uint32_t)value.n, QOS_CELL_TEXT };
	qos_buf_add(&m->bytes, value.p, value.n);
}

struct qos_record *qos_message_record(struct qos_message *m, struct qos_err *err)
{
	struct qos_record *r = &m->record;
	char why[200];
	int field;

	if (m->bytes.failed) {
		qos_fail_memory(err, "message");
		return NULL;
	}
	if (m->too_long) {
		qos_fail(err, QOS_EINPUT, QOS_NOWHERE, "a message of more than %zu bytes", MESSAGE_BYTES_MOST);
		return NULL;
	}
	*r = (struct qos_record){ .bytes = m->bytes.p ? m->bytes.p : "",
				  .cell = m->cell,
				  .n_bytes = (uint32_t)m->bytes.n,
				  .class = -1,
				  .adapter = -1 };
	r->node.seq = m->n_begun;
	if (qos_decode_record(&m->decode, r, &field, why)) {
		qos_fail(err, QOS_EINPUT, QOS_NOWHERE, "%s", why);
		return NULL;
	}
	r->ts_ns = r->arrival_ns = m->now_ns;
	r->depart_ns = QOS_UNSET;
	return r;
}
