/*
 * One pass over the record's cells; which of them are text is seen from the value: `payload` always, another field when
 * it has a space in it.
 *
 * Rareness is log((n + 2) / (documents with it + 1)): a word that all have says little, and its weight is that of a
 * guess until it was seen.  A number is a feature by its magnitude (four steps an octave: exact for small counts,
 * coarse for large ones, and the same whatever came before), by its distance from the running mean in standard
 * deviations (in halves), and as that distance itself.
 */
#include "learn/feature.h"

#include <math.h>
#include <stdlib.h>

#include <xxhash.h>

#include "learn/text.h"
#include "unit/timestamp.h"
#include "unit/unit.h"

#define STREAMS 1024 /* last moments by stream are kept in so many places, by hash; a collision mixes two spans */

#define LOGS 4096 /* logarithms of counts that are kept in a table */

enum kind { SKIPPED, TEXT, VALUE };

struct column {
	enum kind kind;
	int number;    /* into stat[] */
	uint64_t seed; /* hash of its name */
};

/* running mean and spread of a numeric column (Welford) */
struct stat {
	uint64_t n;
	double mean, m2;
};

struct qos_features {
	struct qos_fields *fields;
	struct column column[QOS_FIELDS_MOST]; /* by field id; made at first sight */
	int n_columns;                         /* of them known */
	struct qos_names names;                /* of the columns that are values, by attribute number */
	struct stat *stat;                     /* [stat_room] by attribute number */
	int stat_room;
	float log_of[LOGS]; /* log(i) */
	uint32_t *number;   /* [QOS_FEATURE_SLOTS] of the feature; 0: never learned */
	uint32_t *slot;     /* [QOS_FEATURE_SLOTS + 1] by number */
	uint32_t *n_with;   /* [QOS_FEATURE_SLOTS + 1] by number: documents with this text feature */
	uint32_t n_numbers; /* the last one given */
	uint64_t n_documents;
	int64_t last_ns[STREAMS + 1];    /* by stream; the last: of all */
	int recent[STREAMS][QOS_RECENT]; /* labels by stream, newest first */
	int64_t now_ns;                  /* of the record read last, QOS_UNSET: none */
	int place;                       /* its stream's */
	struct qos_bag text;
	struct qos_bag value;
	struct qos_attribute *attribute; /* [attribute_room] */
	int n_attributes, attribute_room;
	struct qos_scratch scratch;
	int64_t stamp_cache[2];
};

/* Fields that say nothing of what a record is: its identity, its moment, the answer. */
static bool says_nothing(int id)
{
	static const bool skipped[QOS_N_KNOWN] = {
		[QOS_F_TS] = true,         [QOS_F_DEPART] = true,      [QOS_F_ID] = true,
		[QOS_F_LABEL] = true,      [QOS_F_CLASS] = true,       [QOS_F_CLASS_BY] = true,
		[QOS_F_CONFIDENCE] = true, [QOS_F_ADAPTER] = true,     [QOS_F_QUEUE_WAIT] = true,
		[QOS_F_SHAPE_WAIT] = true, [QOS_F_COLOR] = true,       [QOS_F_DROP] = true,
		[QOS_F_MARK] = true,       [QOS_F_RETRY_AFTER] = true,
	};

	return id < QOS_N_KNOWN && skipped[id];
}

int qos_features_new(struct qos_features **out, struct qos_fields *fields, struct qos_err *err)
{
	struct qos_features *f = calloc(1, sizeof(*f));

	*out = NULL;
	if (!f)
		return qos_fail_memory(err, "features");
	f->fields = fields;
	fields->want_all = true;
	for (int i = 0; i < QOS_N_KNOWN; i++)
		if (!says_nothing(i) || i == QOS_F_TS || i == QOS_F_LABEL)
			qos_fields_want(fields, i);
	f->number = calloc(QOS_FEATURE_SLOTS, sizeof(*f->number));
	f->slot = calloc(QOS_FEATURE_SLOTS + 1, sizeof(*f->slot));
	f->n_with = calloc(QOS_FEATURE_SLOTS + 1, sizeof(*f->n_with));
	if (!f->number || !f->slot || !f->n_with || qos_bag_new(&f->text, err) || qos_bag_new(&f->value, err)) {
		qos_features_free(f);
		return qos_fail_memory(err, "features");
	}
	for (int i = 1; i < LOGS; i++)
		f->log_of[i] = logf((float)i);
	qos_features_reset(f);
	*out = f;
	return 0;
}

void qos_features_free(struct qos_features *f)
{
	if (!f)
		return;
	qos_names_free(&f->names);
	qos_bag_free(&f->text);
	qos_bag_free(&f->value);
	free(f->stat);
	free(f->number);
	free(f->slot);
	free(f->n_with);
	free(f->attribute);
	qos_scratch_free(&f->scratch);
	free(f);
}

void qos_features_reset(struct qos_features *f)
{
	memset(f->number, 0, QOS_FEATURE_SLOTS * sizeof(*f->number));
	memset(f->n_with, 0, (QOS_FEATURE_SLOTS + 1) * sizeof(*f->n_with));
	f->n_numbers = 0;
	if (f->stat)
		memset(f->stat, 0, (size_t)f->stat_room * sizeof(*f->stat));
	f->n_documents = 0;
	f->now_ns = QOS_UNSET;
	for (int i = 0; i <= STREAMS; i++)
		f->last_ns[i] = QOS_UNSET;
	memset(f->recent, 0xff, sizeof(f->recent)); /* -1 */
}

/* The number of a column of values, made at first sight; -1 when memory ran out or there are too many. */
static int column_number(struct qos_features *f, struct qos_str name)
{
	int number = f->names.n < QOS_FIELDS_MOST ? qos_names_add(&f->names, name) : -1;

	if (number >= f->stat_room) {
		int room = 2 * f->stat_room + 64;
		struct stat *stat = realloc(f->stat, (size_t)room * sizeof(*stat));
		struct qos_attribute *a;

		if (!stat)
			return -1;
		memset(stat + f->stat_room, 0, (size_t)(room - f->stat_room) * sizeof(*stat));
		f->stat = stat;
		if (!(a = realloc(f->attribute, (size_t)room * sizeof(*a))))
			return -1;
		f->attribute = a;
		f->stat_room = f->attribute_room = room;
	}
	return number;
}

/* Columns that came since the last record. */
static void meet_columns(struct qos_features *f)
{
	for (; f->n_columns < qos_fields_count(f->fields); f->n_columns++) {
		struct qos_str name = f->fields->names.name[f->n_columns];
		struct column *c = &f->column[f->n_columns];

		c->seed = qos_hash(name);
		c->kind = says_nothing(f->n_columns) ? SKIPPED : f->n_columns == QOS_F_PAYLOAD ? TEXT : VALUE;
		c->number = c->kind == VALUE ? column_number(f, name) : -1;
		if (c->kind == VALUE && c->number < 0)
			c->kind = SKIPPED;
	}
}

/* Four steps an octave; the sign and zero apart. */
static uint32_t magnitude(double x)
{
	int exponent;
	double part = frexp(fabs(x), &exponent); /* 0.5 <= part < 1 */

	if (x == 0)
		return 0;
	return (uint32_t)((exponent + 2000) * 4 + (int)((part - 0.5) * 8) + 1) | (x < 0 ? 1u << 20 : 0);
}

/* x	the number; at: its logarithm, as in the attribute */
static void add_number(struct qos_features *f, const struct column *c, double x, double at, struct qos_str source)
{
	const struct stat *s = &f->stat[c->number];
	double spread = s->n > 1 ? sqrt(s->m2 / (double)s->n) : 0, z = spread > 0 ? (at - s->mean) / spread : 0;

	z = z > 4 ? 4 : z < -4 ? -4 : z;
	qos_bag_add(&f->value, XXH64("m", 1, c->seed + magnitude(x)), 1, source);
	qos_bag_add(&f->value, XXH64("z", 1, c->seed + (uint64_t)(int)floor(z * 2)), 1, source);
	if (z != 0)
		qos_bag_add(&f->value, XXH64("x", 1, c->seed), (float)z * 0.5f, source);
}

static void add_value(struct qos_features *f, const struct column *c, struct qos_str text)
{
	struct qos_attribute *a = &f->attribute[f->n_attributes];
	double x;

	if (f->n_attributes == f->attribute_room)
		return;
	f->n_attributes++;
	*a = (struct qos_attribute){ .column = (uint16_t)c->number };
	if (text.n < 40 && !qos_unit_number(text, &x) && isfinite(x)) {
		a->numeric = true;
		a->number = (float)copysign(log1p(fabs(x)), x);
		add_number(f, c, x, (double)a->number, text);
		return;
	}
	a->name = (uint32_t)XXH64(text.p, text.n, c->seed);
	qos_bag_add(&f->value, XXH64(text.p, text.n, c->seed), 1, text);
	if (memchr(text.p, ' ', text.n))
		qos_bag_text(&f->text, text);
}

static struct qos_str text_of(struct qos_features *f, const struct qos_record *r, struct qos_cell c)
{
	struct qos_str text = qos_scratch_text(&f->scratch, r, c);

	return text.p ? text : QOS_STR("");
}

/* Spans since the record before, of all and of the stream. */
static void add_time(struct qos_features *f, const struct qos_record *r)
{
	struct qos_str stream = text_of(f, r, r->cell[QOS_F_STREAM]), ts;
	int64_t now_ns;

	f->now_ns = QOS_UNSET;
	f->place = (int)(qos_hash(stream) % STREAMS);
	if (!r->cell[QOS_F_TS].kind)
		return;
	ts = text_of(f, r, r->cell[QOS_F_TS]);
	if (qos_fields_ts(f->fields, ts, &now_ns, f->stamp_cache))
		return;
	f->now_ns = now_ns;
	for (int i = 0; i < 2; i++) {
		int64_t last_ns = f->last_ns[i ? STREAMS : f->place];

		if (last_ns != QOS_UNSET)
			qos_bag_add(
				&f->value, XXH64("t", 1, magnitude((double)(now_ns - last_ns)) + (i ? 1u << 21 : 0)), 1,
				i ? QOS_STR("time since the last record") : QOS_STR("time since the stream's last"));
	}
}

void qos_features_read(struct qos_features *f, const struct qos_record *r, struct qos_example *e)
{
	meet_columns(f);
	qos_bag_clear(&f->text, r->n_bytes);
	qos_bag_clear(&f->value, r->n_bytes);
	f->n_attributes = 0;
	for (int id = 0; id < f->n_columns; id++) {
		const struct column *c = &f->column[id];
		struct qos_cell cell = r->cell[id];

		if (c->kind == SKIPPED || cell.kind == QOS_CELL_ABSENT || cell.kind == QOS_CELL_NULL || !cell.len)
			continue;
		if (c->kind == TEXT)
			qos_bag_text(&f->text, text_of(f, r, cell));
		else
			add_value(f, c, text_of(f, r, cell));
	}
	add_time(f, r);
	*e = (struct qos_example){
		.x = f->text.x, .n_text = f->text.n, .attribute = f->attribute, .n_attributes = f->n_attributes
	};
	e->n = e->n_text + f->value.n;
	if (e->n > QOS_FEATURES_MOST)
		e->n = QOS_FEATURES_MOST;
	memcpy(f->text.x + e->n_text, f->value.x, (size_t)(e->n - e->n_text) * sizeof(*e->x));
}

static float log_of(const struct qos_features *f, uint32_t n)
{
	return n < LOGS ? f->log_of[n] : logf((float)n);
}

/* Writes the known ones of in[n] to out, scaled by 1 / sqrt(sum).   Returns  how many. */
static int keep_known(const struct qos_feature *in, int n, float sum, struct qos_feature *out)
{
	float factor = sum > 0 ? 1 / sqrtf(sum) : 0;
	int k = 0;

	for (int i = 0; i < n; i++) {
		out[k] = (struct qos_feature){ in[i].slot, in[i].value * factor };
		k += in[i].slot != 0;
	}
	return k;
}

void qos_features_weigh(const struct qos_features *f, struct qos_example *e)
{
	float all = log_of(f, (uint32_t)f->n_documents + 2), sum = 0, rest = 0;
	int n_text;

	for (int i = 0; i < e->n; i++)
		e->x[i].slot = f->number[e->x[i].slot];
	for (int i = 0; i < e->n_text; i++) {
		struct qos_feature *x = &e->x[i];
		float count = x->value > 1 ? 1 + logf(x->value) : x->value;
		float rare = all - log_of(f, f->n_with[x->slot] + 1); /* of number 0: none */

		x->value = count * sqrtf(rare);
		sum += x->value * x->value;
	}
	for (int i = e->n_text; i < e->n; i++)
		rest += e->x[i].value * e->x[i].value;
	n_text = keep_known(e->x, e->n_text, sum, e->x);
	e->n = n_text + keep_known(e->x + e->n_text, e->n - e->n_text, rest, e->x + n_text);
	e->n_text = n_text;
}

/* The number of a slot, given at first sight. */
static uint32_t number_of(struct qos_features *f, uint32_t slot)
{
	if (!f->number[slot]) {
		f->number[slot] = ++f->n_numbers;
		f->slot[f->n_numbers] = slot;
	}
	return f->number[slot];
}

void qos_features_recall(const struct qos_features *f, struct qos_example *e)
{
	memcpy(e->recent, f->recent[f->place], sizeof(e->recent));
	e->n_recent = QOS_RECENT;
}

struct qos_features_mark qos_features_mark(const struct qos_features *f)
{
	return (struct qos_features_mark){ f->place, f->now_ns };
}

void qos_features_return(struct qos_features *f, struct qos_features_mark mark)
{
	f->place = mark.place;
	f->now_ns = mark.now_ns != QOS_UNSET && mark.now_ns > f->last_ns[f->place] ? mark.now_ns : QOS_UNSET;
}

void qos_features_learn(struct qos_features *f, const struct qos_example *e, int label)
{
	int *recent = f->recent[f->place];

	for (int i = 0; i < e->n; i++)
		f->n_with[number_of(f, e->x[i].slot)] += i < e->n_text;
	f->n_documents++;
	for (int i = 0; i < e->n_attributes; i++) {
		const struct qos_attribute *a = &e->attribute[i];
		struct stat *s = &f->stat[a->column];
		double x = (double)a->number, off = x - s->mean;

		if (!a->numeric)
			continue;
		s->mean += off / (double)++s->n;
		s->m2 += off * (x - s->mean);
	}
	memmove(recent + 1, recent, (QOS_RECENT - 1) * sizeof(*recent));
	recent[0] = label;
	if (f->now_ns != QOS_UNSET)
		f->last_ns[f->place] = f->last_ns[STREAMS] = f->now_ns;
}

struct qos_str qos_features_column(const struct qos_features *f, int column)
{
	return f->names.name[column];
}

/* --- files --- */

void qos_features_save(const struct qos_features *f, struct qos_container_out *o)
{
	qos_container_section(o, "feat");
	qos_container_u32(o, QOS_FEATURE_BITS);
	qos_container_u64(o, f->n_documents);
	qos_container_u32(o, f->names.n);
	for (uint32_t i = 0; i < f->names.n; i++) {
		qos_container_text(o, f->names.name[i]);
		qos_container_u64(o, f->stat[i].n);
		qos_container_f64(o, f->stat[i].mean);
		qos_container_f64(o, f->stat[i].m2);
	}
	for (int i = 0; i <= STREAMS; i++)
		qos_container_u64(o, (uint64_t)f->last_ns[i]);
	for (int i = 0; i < STREAMS * QOS_RECENT; i++)
		qos_container_u32(o, (uint32_t)f->recent[i / QOS_RECENT][i % QOS_RECENT]);
	qos_container_u32(o, f->n_numbers);
	for (uint32_t i = 1; i <= f->n_numbers; i++) {
		qos_container_u32(o, f->slot[i]);
		qos_container_u32(o, f->n_with[i]);
	}
}

int qos_features_load(struct qos_features *f, const struct qos_container *c)
{
	struct qos_section s;
	uint32_t n, slot;

	if (!qos_container_find(c, "feat", &s) || qos_section_u32(&s) != QOS_FEATURE_BITS)
		return -1;
	qos_features_reset(f);
	f->n_documents = qos_section_u64(&s);
	n = qos_section_u32(&s);
	for (uint32_t i = 0; i < n && !s.short_of; i++) {
		int k = column_number(f, qos_section_text(&s));

		if (k != (int)i)
			return -1;
		f->stat[k] = (struct stat){ .n = qos_section_u64(&s) };
		f->stat[k].mean = qos_section_f64(&s);
		f->stat[k].m2 = qos_section_f64(&s);
	}
	for (int i = 0; i <= STREAMS; i++)
		f->last_ns[i] = (int64_t)qos_section_u64(&s);
	for (int i = 0; i < STREAMS * QOS_RECENT; i++)
		f->recent[i / QOS_RECENT][i % QOS_RECENT] = (int)qos_section_u32(&s);
	n = qos_section_u32(&s);
	for (uint32_t i = 0; i < n && qos_section_has(&s, 1, 8); i++) {
		if ((slot = qos_section_u32(&s)) >= QOS_FEATURE_SLOTS || number_of(f, slot) != i + 1)
			return -1;
		f->n_with[i + 1] = qos_section_u32(&s);
	}
	return s.short_of || s.p != s.end ? -1 : 0;
}

/* --- reasons --- */

void qos_features_explain(const struct qos_features *f, const struct qos_record *r, uint32_t number,
			  struct qos_buf *text)
{
	struct qos_features *again = (struct qos_features *)f; /* reading twice gives the same, and changes nothing */
	struct qos_example e;

	again->text.asked = again->value.asked = true;
	again->text.wanted = again->value.wanted = f->slot[number];
	again->text.n_found = again->value.n_found = 0;
	qos_features_read(again, r, &e);
	again->text.asked = again->value.asked = false;
	if (f->text.n_found)
		qos_buf_add(text, f->text.found, (size_t)f->text.n_found);
	else
		qos_buf_add(text, f->value.found, (size_t)f->value.n_found);
}
