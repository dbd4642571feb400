/*
 * Rendering: names and quotes are put together once, so a line is a chain of short copies of fixed length and digits.
 *
 * Nothing that is written needs escaping: names are plain (mix.h), payloads are (payload.h), the rest is numbers.
 */
#include "gen/render.h"

#include <stdio.h>

#include "unit/digits.h"

static const int known[] = { QOS_F_TS,   QOS_F_ID,           QOS_F_STREAM,  QOS_F_TENANT, QOS_F_TYPE, QOS_F_PRIORITY,
			     QOS_F_SIZE, QOS_F_SERVICE_TIME, QOS_F_PAYLOAD, QOS_F_LABEL,  QOS_F_CLASS };

int qos_render_field(struct qos_str name)
{
	for (int i = 0; i < QOS_RENDER_COLUMNS; i++)
		if (qos_str_is(name, qos_field_name[known[i]]))
			return known[i];
	return -1;
}

bool qos_render_number(int field)
{
	return field == QOS_F_TS || field == QOS_F_SIZE || field == QOS_F_SERVICE_TIME;
}

void qos_render_init(struct qos_render *r, bool json, const int *fields, int n, const struct qos_payload *payload)
{
	*r = (struct qos_render){ .n = n, .json = json, .payload = payload, .second = INT64_MIN };
	for (int i = 0; i < n; i++) {
		struct qos_render_column *c = &r->column[i];
		bool quote_before = i > 0 && !qos_render_number(fields[i - 1]), quote = !qos_render_number(fields[i]);

		c->field = fields[i];
		if (json)
			c->n_before = (uint8_t)snprintf(c->before, sizeof(c->before), "%s%s\"%s\":%s",
							quote_before ? "\"" : "", i ? "," : "{",
							qos_field_name[fields[i]], quote ? "\"" : "");
		else
			c->n_before = (uint8_t)snprintf(c->before, sizeof(c->before), "%s", i ? "," : "");
	}
}

size_t qos_render_header(const struct qos_render *r, char *p)
{
	char *start = p;

	for (int i = 0; i < r->n && !r->json; i++) {
		const char *name = qos_field_name[r->column[i].field];

		if (i)
			*p++ = ',';
		memcpy(p, name, strlen(name));
		p += strlen(name);
	}
	return (size_t)(p - start);
}

static char *put_token(char *p, const struct qos_token *t)
{
	memcpy(p, t->text, QOS_TOKEN_BYTES);
	return p + t->n;
}

static char *put_numbered(char *p, char letter, uint64_t x)
{
	*p = letter;
	return qos_digits_write(p + 1, x);
}

/* Seconds with nine decimals, always. */
static char *put_ts(struct qos_render *r, char *p, int64_t ns)
{
	int64_t second = ns / 1000000000;

	if (ns < 0)
		return p + qos_timestamp_write(p, ns, QOS_TIME_S);
	if (second != r->second) {
		r->second = second;
		r->second_bytes = (uint8_t)(qos_digits_write(r->second_text, (uint64_t)second) - r->second_text);
		r->second_text[r->second_bytes++] = '.';
	}
	memcpy(p, r->second_text, sizeof(r->second_text));
	qos_digits_write9(p + r->second_bytes, (uint32_t)(ns - second * 1000000000));
	return p + r->second_bytes + 9;
}

static char *put_value(struct qos_render *r, int field, const struct qos_gen_row *row, char *p)
{
	switch (field) {
	case QOS_F_TS: return put_ts(r, p, row->ts_ns);
	case QOS_F_ID: return put_numbered(p, 'm', row->number);
	case QOS_F_STREAM: return put_numbered(p, 's', row->stream);
	case QOS_F_TENANT:
		memcpy(p, "default", 7);
		return row->n_tenants ? put_numbered(p, 't', row->stream % row->n_tenants) : p + 7;
	case QOS_F_TYPE: return put_token(p, row->type);
	case QOS_F_PRIORITY: return put_token(p, row->priority);
	case QOS_F_SIZE: return qos_digits_write(p, (uint64_t)row->size_bytes);
	case QOS_F_SERVICE_TIME: return p + qos_seconds_write(p, row->service_ns);
	case QOS_F_PAYLOAD: return qos_payload_write(r->payload, row->payload_set, row->payload_rng, p);
	default: return put_token(p, row->class); /* label, class */
	}
}

size_t qos_render_line(struct qos_render *r, const struct qos_gen_row *row, char *p, struct qos_cell *cell)
{
	char *start = p;

	for (int i = 0; i < r->n; i++) {
		const struct qos_render_column *c = &r->column[i];
		char *value = p + c->n_before;

		memcpy(p, c->before, sizeof(c->before));
		p = put_value(r, c->field, row, value);
		cell[c->field] = (struct qos_cell){ (uint32_t)(value - start), (uint32_t)(p - value) & 0xfffffff,
						    !r->json                      ? QOS_CELL_TEXT
						    : qos_render_number(c->field) ? QOS_CELL_NUMBER
										  : QOS_CELL_QUOTED };
	}
	if (r->json) {
		if (r->n && !qos_render_number(r->column[r->n - 1].field))
			*p++ = '"';
		*p++ = '}';
	}
	return (size_t)(p - start);
}
