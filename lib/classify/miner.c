/*
 * Forms, and the templates that they make.
 *
 * Every form is known by the hash of its masked text.  For each word of a new form the text with `*` in its place is
 * looked up: if it is a form, the new one belongs to it; else the new form is noted under it, and as soon as 4 forms
 * are (16 for the first word, which names an event more often than a value) that text becomes a form itself, wild, and
 * takes them in.  A wild form is related to others like any other, so that several words may vary.  Which forms
 * belong together is a union of sets.  One constant word beside the varying one is needed.
 *
 * Two of 2^64 texts that share a hash would be taken for one.
 *
 * Cost   a known form: masking, one look-up.  A new one: as many look-ups as it has words.  Memory is bounded: at
 *	  most_forms the rarer half goes.
 * After  fixed-depth trees (He et al., Drain, ICWS 2017) and bidirectional trees (Yu et al., Brain, 2023), which choose
 *	  by similarity and word frequency; here only the number of values seen in a place decides, which no order of
 *	  messages and no setting changes.
 */
#include "classify/miner.h"

#include <stdlib.h>

#include "base/names.h"
#include "base/slab.h"
#include "classify/mask.h"

enum { VALUES = 4, FIRST_VALUES = 16, WORDS = 32, NONE = 0 };

struct form {
	uint64_t hash, count,
		last; /* messages of this form, or of the whole template at its root; the latest one's number */
	char *text;
	uint32_t *of_class;                     /* [n_classes] at the root, learned messages; NULL: none */
	uint32_t n_bytes, parent, id, first_id; /* id: at the root, the smallest of its forms' */
	bool wild;                              /* made by joining */
};

struct slot {
	uint64_t hash; /* 0: free */
	uint32_t value;
};

struct table {
	struct slot *slot;
	uint32_t mask, n;
};

struct note { /* a form noted under a wild text; 0 ends the list */
	uint32_t form, next, count;
};

struct qos_miner {
	struct form *form; /* [n_forms], from 1 */
	struct note *note; /* [n_notes], from 1 */
	uint32_t n_forms, forms_room, n_notes, notes_room, most_forms, last_id;
	struct table forms, notes;
	struct qos_slab texts;
	int n_classes;
	uint32_t latest; /* root of the message that was added last */
	uint64_t n_messages, n_forgotten, n_lost;
	bool failed; /* memory ran out inside this message */
};

static uint64_t hash_of(const char *p, size_t n)
{
	uint64_t h = qos_hash((struct qos_str){ p, n });

	return h ? h : 1;
}

static struct slot *find(const struct table *t, uint64_t hash)
{
	uint32_t i = (uint32_t)hash & t->mask;

	while (t->slot[i].hash && t->slot[i].hash != hash)
		i = (i + 1) & t->mask;
	return &t->slot[i];
}

static bool table_make(struct table *t, uint32_t n_slots)
{
	*t = (struct table){ calloc(n_slots, sizeof(*t->slot)), n_slots - 1, 0 };
	return t->slot;
}

/* The slot of a hash, made if it is new. */
static struct slot *take(struct table *t, uint64_t hash)
{
	struct slot *s;

	if (t->n >= t->mask / 2) {
		struct table larger;

		if (!table_make(&larger, (t->mask + 1) * 2))
			return NULL;
		for (uint32_t i = 0; i <= t->mask; i++)
			if (t->slot[i].hash)
				*find(&larger, t->slot[i].hash) = t->slot[i];
		larger.n = t->n;
		free(t->slot);
		*t = larger;
	}
	s = find(t, hash);
	if (!s->hash) {
		*s = (struct slot){ hash, NONE };
		t->n++;
	}
	return s;
}

static bool grow(void **array, uint32_t n, uint32_t *room, size_t bytes)
{
	uint32_t more = *room ? *room * 2 : 256;
	void *p;

	if (n < *room)
		return true;
	if (!(p = realloc(*array, more * bytes)))
		return false;
	*array = p;
	*room = more;
	return true;
}

static uint32_t root_of(struct qos_miner *m, uint32_t f)
{
	uint32_t root = f;

	while (m->form[root].parent != root)
		root = m->form[root].parent;
	while (m->form[f].parent != root) {
		uint32_t up = m->form[f].parent;

		m->form[f].parent = root;
		f = up;
	}
	return root;
}

static void drop_classes(struct qos_miner *m, struct form *f)
{
	if (f->of_class)
		qos_slab_put(&m->texts, f->of_class, (size_t)m->n_classes * sizeof(*f->of_class));
	f->of_class = NULL;
}

static void join_classes(struct qos_miner *m, struct form *from, struct form *to)
{
	if (!to->of_class) {
		to->of_class = from->of_class;
		from->of_class = NULL;
	}
	for (int i = 0; from->of_class && i < m->n_classes; i++)
		to->of_class[i] += from->of_class[i];
	drop_classes(m, from);
}

/* What f belongs to belongs to w from now on. */
static void join(struct qos_miner *m, uint32_t f, uint32_t w)
{
	struct form *a = &m->form[root_of(m, f)], *b = &m->form[root_of(m, w)];

	if (a == b)
		return;
	a->parent = b->parent;
	b->count += a->count;
	b->last = a->last > b->last ? a->last : b->last;
	join_classes(m, a, b);
	b->id = !b->id || (a->id && a->id < b->id) ? a->id : b->id;
}

static uint32_t new_form(struct qos_miner *m, const char *text, size_t n, uint64_t hash, bool wild)
{
	struct slot *s;
	struct form *f;

	if (!grow((void **)&m->form, m->n_forms, &m->forms_room, sizeof(*m->form)) || !(s = take(&m->forms, hash)))
		return NONE;
	f = &m->form[m->n_forms];
	*f = (struct form){ .hash = hash, .n_bytes = (uint32_t)n, .parent = m->n_forms, .wild = wild };
	if (!(f->text = qos_slab_get(&m->texts, n + 1)))
		return NONE; /* the slot says NONE: unknown */
	memcpy(f->text, text, n);
	if (!wild)
		f->id = f->first_id = ++m->last_id;
	return s->value = m->n_forms++;
}

/* Notes form f under a wild text.   Returns  how many are there now. */
static uint32_t note(struct qos_miner *m, struct slot *s, uint32_t f)
{
	uint32_t n = s->value ? m->note[s->value].count + 1 : 1;

	if (!grow((void **)&m->note, m->n_notes, &m->notes_room, sizeof(*m->note))) {
		m->failed = true;
		return 0;
	}
	m->note[m->n_notes] = (struct note){ f, s->value, n };
	s->value = m->n_notes++;
	return n;
}

static void relate(struct qos_miner *m, uint32_t f, bool rebuilding);

/* All that were noted belong to w. */
static void join_noted(struct qos_miner *m, struct slot *s, uint32_t w)
{
	for (uint32_t k = s->value; k; k = m->note[k].next)
		join(m, m->note[k].form, w);
	s->value = NONE;
}

/* The text with `*` as word i: is it a form, or does it become one? */
static void widen(struct qos_miner *m, uint32_t f, struct qos_str wild, int i, bool rebuilding)
{
	uint64_t hash = hash_of(wild.p, wild.n), key = hash ^ (uint64_t)(i + 1) * 0x9e3779b97f4a7c15;
	uint32_t w = find(&m->forms, hash)->value;
	struct slot *s;

	if (w != NONE) {
		/* it may have come by itself, a value that masking knows, after others were noted */
		if ((s = find(&m->notes, key))->hash)
			join_noted(m, s, w);
		join(m, f, w);
		return;
	}
	if (!(s = take(&m->notes, key))) {
		m->failed = true;
		return;
	}
	if (note(m, s, f) < (uint32_t)(i ? VALUES : FIRST_VALUES) || rebuilding)
		return;
	if ((w = new_form(m, wild.p, wild.n, hash, true)) == NONE) {
		m->failed = true;
		return;
	}
	join_noted(m, s, w);
	relate(m, w, false);
}

static bool is_star(struct qos_str s)
{
	return s.n == 1 && s.p[0] == '*';
}

/* Splits at spaces; what is behind the last word that counts belongs to it.   Returns  how many words are constant. */
static int split(struct qos_str text, struct qos_str *word, int *n)
{
	int constant = 0;

	for (*n = 0; text.n && *n < WORDS; ++*n) {
		const char *space = *n < WORDS - 1 ? memchr(text.p, ' ', text.n) : NULL;
		size_t len = space ? (size_t)(space - text.p) : text.n;

		word[*n] = (struct qos_str){ text.p, len };
		constant += !is_star(word[*n]);
		len += space ? 1 : 0;
		text = (struct qos_str){ text.p + len, text.n - len };
	}
	return constant;
}

static void relate(struct qos_miner *m, uint32_t f, bool rebuilding)
{
	struct qos_str text = { m->form[f].text, m->form[f].n_bytes }, word[WORDS];
	char wild[QOS_MASK_ROOM];
	int n;

	if (split(text, word, &n) < 2)
		return;
	for (int i = 0; i < n; i++) {
		size_t head = (size_t)(word[i].p - text.p), tail = text.n - head - word[i].n;

		if (is_star(word[i]))
			continue;
		memcpy(wild, text.p, head);
		wild[head] = '*';
		memcpy(wild + head + 1, word[i].p + word[i].n, tail);
		widen(m, f, (struct qos_str){ wild, head + 1 + tail }, i, rebuilding);
	}
}

/* What is kept longest first: many messages, then late ones; a template stays as long as any of its forms. */
struct rank {
	uint64_t count, last;
	uint32_t form;
	bool root;
};

static int compare_ranks(const void *x, const void *y)
{
	const struct rank *a = x, *b = y;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	if (a->last != b->last)
		return a->last < b->last ? 1 : -1;
	if (a->root != b->root)
		return a->root ? -1 : 1;
	return (a->form > b->form) - (a->form < b->form);
}

/* Forgets all but the first n_keep of the ranks, which are then forms 1..n_keep. */
static void keep_ranked(struct qos_miner *m, const struct rank *rank, uint32_t *to, struct form *kept, uint32_t n_keep)
{
	for (uint32_t i = 0; i < m->n_forms - 1; i++) {
		struct form *f = &m->form[rank[i].form];

		to[rank[i].form] = i < n_keep ? i + 1 : NONE;
		if (i < n_keep) {
			kept[i + 1] = *f;
			continue;
		}
		drop_classes(m, f);
		qos_slab_put(&m->texts, f->text, f->n_bytes + 1);
	}
	for (uint32_t i = 1; i <= n_keep; i++)
		kept[i].parent = to[kept[i].parent];
	m->n_forgotten += m->n_forms - 1 - n_keep;
	memcpy(m->form, kept, (n_keep + 1) * sizeof(*kept));
	m->n_forms = n_keep + 1;
	m->n_notes = 1;
	memset(m->forms.slot, 0, ((size_t)m->forms.mask + 1) * sizeof(*m->forms.slot));
	memset(m->notes.slot, 0, ((size_t)m->notes.mask + 1) * sizeof(*m->notes.slot));
	m->forms.n = m->notes.n = 0;
}

static bool forget(struct qos_miner *m)
{
	uint32_t n = m->n_forms - 1, n_keep = n / 2;
	struct rank *rank = malloc(n * sizeof(*rank));
	uint32_t *to = calloc(n + 1, sizeof(*to));
	struct form *kept = calloc(n_keep + 1, sizeof(*kept));
	bool done = rank && to && kept;

	for (uint32_t i = 1; done && i <= n; i++) {
		uint32_t root = root_of(m, i);
		const struct form *f = &m->form[m->form[i].wild ? root : i];

		rank[i - 1] = (struct rank){ f->count, f->last, i, root == i };
	}
	if (done) {
		qsort(rank, n, sizeof(*rank), compare_ranks);
		keep_ranked(m, rank, to, kept, n_keep);
		for (uint32_t i = 1; i <= n_keep; i++)
			find(&m->forms, m->form[i].hash)->hash = m->form[i].hash,
					find(&m->forms, m->form[i].hash)->value = i;
		m->forms.n = n_keep;
		for (uint32_t i = 1; i <= n_keep; i++)
			relate(m, i, true);
	}
	free(rank);
	free(to);
	free(kept);
	return done;
}

uint32_t qos_miner_add(struct qos_miner *m, struct qos_str text)
{
	char masked[QOS_MASK_ROOM];
	size_t n = qos_mask(text, masked);
	uint64_t hash = hash_of(masked, n);
	uint32_t f = find(&m->forms, hash)->value, root;

	m->n_messages++;
	if (f == NONE) {
		if ((m->n_forms > m->most_forms && !forget(m)) || !(f = new_form(m, masked, n, hash, false))) {
			m->n_lost++;
			return QOS_MINER_NONE;
		}
		m->failed = false;
		relate(m, f, false);
		m->n_lost += m->failed;
	}
	root = root_of(m, f);
	if (!m->form[root].id) /* a wild form that only later messages belong to */
		m->form[root].id = m->form[root].first_id = ++m->last_id;
	if (root != f) {
		m->form[f].count++;
		m->form[f].last = m->n_messages;
	}
	m->form[root].count++;
	m->form[root].last = m->n_messages;
	m->latest = root;
	return m->form[root].id;
}

void qos_miner_learn(struct qos_miner *m, int class)
{
	size_t bytes = (size_t)m->n_classes * sizeof(uint32_t);
	struct form *f = &m->form[m->latest];

	if (!f->of_class && (f->of_class = qos_slab_get(&m->texts, bytes)))
		memset(f->of_class, 0, bytes);
	if (f->of_class)
		f->of_class[class]++;
}

/* The most frequent class, the first among equals, and how many were learned. */
static int most_frequent(const uint32_t *of_class, int n_classes, uint64_t *sum)
{
	int best = 0;

	*sum = 0;
	for (int i = 0; of_class && i < n_classes; i++) {
		*sum += of_class[i];
		best = of_class[i] > of_class[best] ? i : best;
	}
	return best;
}

int qos_miner_class(const struct qos_miner *m, double *share)
{
	const uint32_t *of_class = m->form[m->latest].of_class;
	uint64_t sum;
	int best = most_frequent(of_class, m->n_classes, &sum);

	if (sum < QOS_MINER_LEAST)
		return -1;
	*share = (double)of_class[best] / (double)sum;
	return best;
}

struct qos_str qos_miner_text(const struct qos_miner *m)
{
	return (struct qos_str){ m->form[m->latest].text, m->form[m->latest].n_bytes };
}

static int compare_templates(const void *x, const void *y)
{
	const struct qos_template *a = x, *b = y;

	return (a->id > b->id) - (a->id < b->id);
}

struct qos_template *qos_miner_list(const struct qos_miner *m, size_t *n)
{
	struct qos_template *list = malloc((m->n_forms + 1) * sizeof(*list));

	*n = 0;
	for (uint32_t i = 1; list && i < m->n_forms; i++) {
		const struct form *f = &m->form[i];

		if (f->parent == i && f->count)
			list[(*n)++] = (struct qos_template){ f->id, { f->text, f->n_bytes }, f->count, f->of_class };
	}
	if (list)
		qsort(list, *n, sizeof(*list), compare_templates);
	return list;
}

static uint32_t id_of(const struct qos_miner *m, uint32_t f)
{
	while (m->form[f].parent != f)
		f = m->form[f].parent;
	return m->form[f].id;
}

uint32_t qos_miner_now(const struct qos_miner *m, uint32_t id)
{
	for (uint32_t i = 1; i < m->n_forms; i++)
		if (m->form[i].first_id == id)
			return id_of(m, i);
	return 0;
}

struct merged {
	uint32_t id, into;
};

static int compare_merged(const void *x, const void *y)
{
	const struct merged *a = x, *b = y;

	if (a->into != b->into)
		return a->into < b->into ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

/* [*n] ids that another took over, by that one. */
static struct merged *list_merged(const struct qos_miner *m, size_t *n)
{
	struct merged *list = malloc((m->n_forms + 1) * sizeof(*list));

	*n = 0;
	for (uint32_t i = 1; list && i < m->n_forms; i++)
		if (m->form[i].first_id && m->form[i].first_id != id_of(m, i))
			list[(*n)++] = (struct merged){ m->form[i].first_id, id_of(m, i) };
	if (list)
		qsort(list, *n, sizeof(*list), compare_merged);
	return list;
}

static void write_quoted(struct qos_buf *b, struct qos_str s)
{
	qos_buf_puts(b, "\"");
	for (size_t i = 0; i < s.n; i++)
		qos_buf_add(b, s.p[i] == '"' ? "\"\"" : &s.p[i], s.p[i] == '"' ? 2 : 1);
	qos_buf_puts(b, "\"");
}

static void write_shares(const struct qos_miner *m, bool json, const struct qos_str *class, const uint32_t *of_class,
			 struct qos_buf *b)
{
	const char *comma = "";
	uint64_t sum;
	int best = most_frequent(of_class, m->n_classes, &sum);

	if (!json) {
		qos_buf_puts(b, ",");
		if (sum)
			write_quoted(b, class[best]);
		qos_buf_printf(b, sum ? ",%.4f\n" : ",\n", sum ? (double)of_class[best] / (double)sum : 0);
		return;
	}
	qos_buf_puts(b, ",\"classes\":{");
	for (int i = 0; sum && i < m->n_classes; i++) {
		if (!of_class[i])
			continue;
		qos_buf_puts(b, comma);
		qos_buf_json(b, class[i]);
		qos_buf_printf(b, ":%.4f", (double)of_class[i] / (double)sum);
		comma = ",";
	}
	qos_buf_puts(b, "}}\n");
}

void qos_miner_write(const struct qos_miner *m, bool json, const struct qos_str *class, struct qos_buf *b)
{
	size_t n, n_merged, k = 0;
	struct qos_template *list = qos_miner_list(m, &n);
	struct merged *merged = list_merged(m, &n_merged);

	b->failed |= !list || !merged;
	qos_buf_puts(b, json ? "" : "id,count,merged,template,class,share\n");
	for (size_t i = 0; list && merged && i < n; i++) {
		const char *plus = "";

		qos_buf_printf(b, json ? "{\"id\":\"t%u\",\"count\":%llu,\"merged\":\"" : "t%u,%llu,", list[i].id,
			       (unsigned long long)list[i].count);
		while (k < n_merged && merged[k].into < list[i].id)
			k++;
		for (; k < n_merged && merged[k].into == list[i].id; k++, plus = "+")
			qos_buf_printf(b, "%st%u", plus, merged[k].id);
		qos_buf_puts(b, json ? "\",\"template\":" : ",");
		if (json)
			qos_buf_json(b, list[i].text);
		else
			write_quoted(b, list[i].text);
		write_shares(m, json, class, list[i].of_class, b);
	}
	free(list);
	free(merged);
}

void qos_miner_counts(const struct qos_miner *m, struct qos_miner_counts *counts)
{
	*counts = (struct qos_miner_counts){ m->n_messages, m->n_forms - 1, m->n_forgotten, m->n_lost };
}

int qos_miner_new(struct qos_miner **out, uint32_t most_forms, int n_classes, struct qos_err *err)
{
	struct qos_miner *m = calloc(1, sizeof(*m));

	*out = NULL;
	if (!m)
		return qos_fail_memory(err, "templates");
	m->most_forms = most_forms;
	m->n_classes = n_classes;
	m->n_forms = m->n_notes = 1;
	if (!table_make(&m->forms, 1024) || !table_make(&m->notes, 4096)) {
		qos_miner_free(m);
		return qos_fail_memory(err, "templates");
	}
	*out = m;
	return 0;
}

void qos_miner_free(struct qos_miner *m)
{
	if (!m)
		return;
	free(m->form);
	free(m->note);
	free(m->forms.slot);
	free(m->notes.slot);
	qos_slab_free(&m->texts);
	free(m);
}
