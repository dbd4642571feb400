/*
 * Typed members of a record: what do its cells say?
 *
 * The number parsers of unit/ do the work; here are the rules for what may be absent, and the words for what is wrong.
 * A class name is looked up in a small table by its first and last bytes, and only compared, not hashed, when it was
 * seen.
 *
 * Cost   a few ns a member.
 */
#include "record/decode.h"

#include <stdio.h>
#include <string.h>

#include "record/color.h"
#include "unit/timeformat.h"
#include "unit/unit.h"

#define SHOWN_BYTES    40  /* of a bad text in a message */
#define WHY_BYTES      200 /* size of `why` */
#define NS_PER_S       1000000000
#define UNIT_WHY_BYTES 120

void qos_decode_want(const struct qos_decode *d, struct qos_fields *f)
{
	const struct {
		bool wanted;
		int id;
	} members[] = {
		{ d->ts, QOS_F_TS },
		{ d->depart, QOS_F_DEPART },
		{ d->size, QOS_F_SIZE },
		{ d->service_time, QOS_F_SERVICE_TIME },
		{ d->max_latency, QOS_F_MAX_LATENCY },
		{ d->class, QOS_F_CLASS },
		{ d->drop, QOS_F_DROP },
		{ d->color, QOS_F_COLOR },
	};

	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
		if (members[i].wanted)
			qos_fields_want(f, members[i].id);
}

/* Text of a cell that needs a look.  One that is too long for scratch is given raw, which no parser accepts. */
static struct qos_str undone_text(struct qos_decode *d, const struct qos_record *r, struct qos_cell c)
{
	return c.len > sizeof(d->scratch) ? qos_cell_raw(r, c) : qos_cell_text(r, c, d->scratch);
}

/* Text of a cell that should be short.  n == 0: absent, null or empty. */
static inline struct qos_str short_text(struct qos_decode *d, const struct qos_record *r, int field)
{
	struct qos_cell c = r->cell[field];

	if (c.kind == QOS_CELL_ABSENT)
		return (struct qos_str){ "", 0 };
	if (c.kind == QOS_CELL_TEXT || c.kind == QOS_CELL_NUMBER || c.kind == QOS_CELL_QUOTED)
		return (struct qos_str){ r->bytes + c.off, c.len };
	return undone_text(d, r, c);
}

/* Says `size "12q": why`.   Returns  -1. */
static int bad(struct qos_str text, int id, const char *unit_why, int *field, char *why)
{
	*field = id;
	snprintf(why, WHY_BYTES, "%s \"%.*s%s\": %s", qos_field_name[id],
		 (int)(text.n > SHOWN_BYTES ? SHOWN_BYTES : text.n), text.p, text.n > SHOWN_BYTES ? "..." : "",
		 unit_why);
	return -1;
}

/* The bad ones parse again, now for the reason; they stand apart to keep the good ones' frames small. */
static __attribute__((noinline)) int bad_time(struct qos_str text, int id, int *field, char *why)
{
	char unit_why[UNIT_WHY_BYTES];
	enum qos_time_form form;
	int64_t ns, cache[2] = { 0, 0 };

	qos_timestamp_parse(text, &ns, &form, cache, unit_why);
	return bad(text, id, unit_why, field, why);
}

/* A moment.   Returns  0, 1 when absent, -1 when bad. */
static inline int decode_time(struct qos_decode *d, const struct qos_record *r, int id, int64_t *ns,
			      enum qos_time_form *form, int *field, char *why)
{
	struct qos_str text = short_text(d, r, id);

	if (text.n == 0)
		return 1;
	if (qos_timestamp_parse(text, ns, form, d->stamp_cache, NULL) == 0)
		return 0;
	return bad_time(text, id, field, why);
}

/* A moment in the form that the user described. */
static int decode_described(struct qos_decode *d, struct qos_record *r, int *field, char *why)
{
	struct qos_str text = short_text(d, r, QOS_F_TS);
	char unit_why[UNIT_WHY_BYTES];

	if (text.n == 0)
		return 1;
	if (qos_timeformat_parse(d->ts_format, d->ts_year, text, &r->ts_ns) == 0)
		return 0;
	snprintf(unit_why, sizeof(unit_why), "is not of the form %.60s (--ts-format)", d->ts_format);
	return bad(text, QOS_F_TS, unit_why, field, why);
}

static int decode_ts(struct qos_decode *d, struct qos_record *r, enum qos_time_form *form, int *field, char *why)
{
	if (__builtin_expect(d->ts_format != NULL, 0)) {
		*form = QOS_TIME_RFC3339;
		return decode_described(d, r, field, why);
	}
	return decode_time(d, r, QOS_F_TS, &r->ts_ns, form, field, why);
}

static int decode_times(struct qos_decode *d, struct qos_record *r, int *field, char *why)
{
	enum qos_time_form form = QOS_TIME_S;
	int rc = d->ts ? decode_ts(d, r, &form, field, why) : 1;

	if (rc < 0)
		return rc;
	if (rc > 0)
		r->ts_ns = QOS_UNSET;
	r->time_form = (uint8_t)form;
	r->arrival_ns = r->ts_ns;
	if (!d->depart)
		return 0;
	rc = decode_time(d, r, QOS_F_DEPART, &r->arrival_ns, &form, field, why);
	if (rc == 0 && r->ts_ns == QOS_UNSET)
		r->time_form = (uint8_t)form;
	return rc < 0 ? rc : 0;
}

/* A span with a unit, or a bad one. */
static __attribute__((noinline)) int odd_span(struct qos_str text, int id, int64_t *ns, int *field, char *why)
{
	char unit_why[UNIT_WHY_BYTES];

	if (qos_unit_duration(text, NS_PER_S, ns, unit_why) == 0)
		return 0;
	return bad(text, id, unit_why, field, why);
}

/* A span in seconds or with a unit.   Returns  0 (absent: QOS_UNSET), -1 when bad. */
static int decode_span(struct qos_decode *d, const struct qos_record *r, int id, int64_t *ns, int *field, char *why)
{
	struct qos_str text = short_text(d, r, id);

	if (text.n == 0) {
		*ns = QOS_UNSET;
		return 0;
	}
	return qos_unit_seconds(text, ns) == 0 ? 0 : odd_span(text, id, ns, field, why);
}

/* A size with a unit, or a bad one. */
static __attribute__((noinline)) int odd_size(struct qos_str text, int64_t *bytes, int *field, char *why)
{
	char unit_why[UNIT_WHY_BYTES];

	if (qos_unit_size(text, bytes, unit_why) == 0)
		return 0;
	return bad(text, QOS_F_SIZE, unit_why, field, why);
}

/* r->size_bytes has its default already. */
static int decode_size(struct qos_decode *d, struct qos_record *r, int *field, char *why)
{
	struct qos_str text = short_text(d, r, QOS_F_SIZE);

	if (text.n == 0 || qos_unit_bytes(text, &r->size_bytes) == 0)
		return 0;
	return odd_size(text, &r->size_bytes, field, why);
}

static uint32_t load4(const char *p)
{
	uint32_t x;

	memcpy(&x, p, sizeof(x));
	return x;
}

/* Slot of a name in the class cache, of its first and last bytes; 64 slots. */
static inline unsigned class_slot(struct qos_str name)
{
	uint32_t x = name.n >= 4 ? load4(name.p) ^ load4(name.p + name.n - 4) * 5 : (uint8_t)name.p[0];

	return (x + (uint32_t)name.n) * 2654435769u >> 26; /* 2^32 / golden ratio: the top bits depend on all of x */
}

/* Lists the class names, as many as fit. */
static __attribute__((noinline)) int bad_class(const struct qos_names *classes, struct qos_str text, int *field,
					       char *why)
{
	char names[UNIT_WHY_BYTES] = "no such class; there are";
	size_t n = strlen(names);

	for (uint32_t i = 0; i < classes->n; i++) {
		struct qos_str name = classes->name[i];

		if (n + name.n + 6 > sizeof(names)) {
			snprintf(names + n, sizeof(names) - n, " ...");
			break;
		}
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s %.*s", i ? "," : "", QOS_STR_ARG(name));
	}
	return bad(text, QOS_F_CLASS, names, field, why);
}

static int decode_class(struct qos_decode *d, struct qos_record *r, int *field, char *why)
{
	struct qos_str text = short_text(d, r, QOS_F_CLASS);
	uint8_t *slot;
	int class;

	r->class = -1;
	if (text.n == 0)
		return 0;
	slot = &d->class_cache[class_slot(text)];
	if (*slot && qos_str_equal(d->classes->name[*slot - 1], text)) {
		r->class = *slot - 1;
		return 0;
	}
	class = qos_names_find(d->classes, text);
	if (class < 0)
		return bad_class(d->classes, text, field, why);
	if (class < UINT8_MAX)
		*slot = (uint8_t)(class + 1);
	r->class = (int16_t) class;
	return 0;
}

static int decode_color(struct qos_decode *d, struct qos_record *r, int *field, char *why)
{
	struct qos_str text = short_text(d, r, QOS_F_COLOR);
	int color = text.n ? qos_color_find(text) : -1;

	if (text.n && color < 0)
		return bad(text, QOS_F_COLOR, "no such color; there are green, yellow, red", field, why);
	r->color = (uint8_t)(color + 1);
	return 0;
}

static bool has_drop(const struct qos_record *r)
{
	struct qos_cell c = r->cell[QOS_F_DROP];

	return c.kind != QOS_CELL_ABSENT && c.kind != QOS_CELL_NULL && c.kind != QOS_CELL_FALSE && c.len > 0;
}

int qos_decode_record(struct qos_decode *d, struct qos_record *r, int *field, char *why)
{
	r->size_bytes = r->n_bytes;
	r->service_ns = QOS_UNSET;
	r->deadline_ns = QOS_UNSET;
	if (decode_times(d, r, field, why) || (d->size && decode_size(d, r, field, why)) ||
	    (d->service_time && decode_span(d, r, QOS_F_SERVICE_TIME, &r->service_ns, field, why)) ||
	    (d->max_latency && decode_span(d, r, QOS_F_MAX_LATENCY, &r->deadline_ns, field, why)) ||
	    (d->class && decode_class(d, r, field, why)) || (d->color && decode_color(d, r, field, why)))
		return -1;
	if (d->drop && has_drop(r))
		r->drop = QOS_DROP_UPSTREAM;
	if (d->need_ts && r->arrival_ns == QOS_UNSET) {
		*field = QOS_F_TS;
		snprintf(why, WHY_BYTES, "record has no ts; map the column that has the time with -f ts=COLUMN");
		return -1;
	}
	return 0;
}
