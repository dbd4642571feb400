/* A ring in the order in which things came, with chains through it by the hash of the id. */
#include "classify/memory.h"

#include <stdlib.h>

#include "base/names.h"

#define MOST       ((uint32_t)1 << 20)
#define MOST_BYTES ((size_t)64 << 20)

struct item {
	uint64_t hash;       /* 0: nothing is here (any more) */
	uint32_t next;       /* of its chain: place in the ring from 1; 0: none */
	int label;           /* >= 0: a label */
	struct parcel *held; /* owned; NULL: a label */
};

struct parcel { /* one piece of memory: this, features, attributes */
	struct qos_waiting w;
	size_t bytes;
};

struct qos_memory {
	struct item *item; /* [room], a ring over [most] once it is as large */
	uint32_t *chain;   /* [room] heads by hash: place from 1 */
	uint32_t room, most, first, n;
	size_t bytes, most_bytes;
	struct parcel *lent; /* what was taken last */
	struct qos_waiting label;
	struct qos_memory_counts counts;
};

struct qos_memory *qos_memory_new(uint32_t most, size_t most_bytes)
{
	struct qos_memory *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->most = most ? most : MOST;
	m->most_bytes = most_bytes ? most_bytes : MOST_BYTES;
	return m;
}

void qos_memory_free(struct qos_memory *m)
{
	if (!m)
		return;
	for (uint32_t i = 0; i < m->room; i++)
		free(m->item[i].held);
	free(m->item);
	free(m->chain);
	free(m->lent);
	free(m);
}

static uint64_t hash_of(struct qos_str id)
{
	uint64_t hash = qos_hash(id);

	return hash + !hash;
}

static uint32_t *head(const struct qos_memory *m, uint64_t hash)
{
	return &m->chain[hash % m->room];
}

/* Where the number of the item stands that has this hash, or 0 does. */
static uint32_t *find(const struct qos_memory *m, uint64_t hash)
{
	uint32_t *at = head(m, hash);

	while (*at && m->item[*at - 1].hash != hash)
		at = &m->item[*at - 1].next;
	return at;
}

/* Takes it out of its chain; its place stays empty until the ring comes by. */
static struct parcel *unlink_item(struct qos_memory *m, uint32_t *at)
{
	struct item *i = &m->item[*at - 1];
	struct parcel *held = i->held;

	*at = i->next;
	*i = (struct item){ 0 };
	m->bytes -= held ? held->bytes : 0;
	m->counts.n_waiting--;
	return held;
}

static void drop_first(struct qos_memory *m)
{
	struct item *i = &m->item[m->first];

	if (i->hash) {
		m->counts.n_labels_out += !i->held;
		m->counts.n_records_out += i->held != NULL;
		free(unlink_item(m, find(m, i->hash)));
	}
	m->first = (m->first + 1) % m->room;
	m->n--;
}

/* The ring in its order from its beginning on, and twice as large. */
static int grow(struct qos_memory *m)
{
	uint32_t room = m->room ? 2 * m->room : 1024;
	uint32_t *chain;
	struct item *item;

	if (room > m->most)
		room = m->most;
	if (room == m->room)
		return 0;
	item = calloc(room, sizeof(*item));
	chain = calloc(room, sizeof(*chain));
	if (!item || !chain) {
		free(item);
		free(chain);
		return -1;
	}
	for (uint32_t i = 0; i < m->n; i++)
		item[i] = m->item[(m->first + i) % m->room];
	free(m->item);
	free(m->chain);
	m->item = item;
	m->chain = chain;
	m->room = room;
	m->first = 0;
	for (uint32_t i = 0; i < m->n; i++) {
		uint32_t *to = head(m, item[i].hash);

		if (!item[i].hash)
			continue;
		item[i].next = *to;
		*to = i + 1;
	}
	return 0;
}

static struct parcel *pack(const struct qos_waiting *w)
{
	size_t x = (size_t)w->example.n * sizeof(*w->example.x);
	size_t attributes = (size_t)w->example.n_attributes * sizeof(*w->example.attribute);
	size_t bytes = sizeof(struct parcel) + x + attributes;
	struct parcel *p = malloc(bytes);

	if (!p)
		return NULL;
	p->w = *w;
	p->bytes = bytes;
	p->w.example.attribute = (struct qos_attribute *)(p + 1); /* whose alignment is the stricter one */
	p->w.example.x = (struct qos_feature *)((char *)(p + 1) + attributes);
	if (attributes)
		memcpy(p->w.example.attribute, w->example.attribute, attributes);
	if (x)
		memcpy(p->w.example.x, w->example.x, x);
	return p;
}

int qos_memory_keep(struct qos_memory *m, struct qos_str id, const struct qos_waiting *w)
{
	uint64_t hash = hash_of(id);
	struct parcel *held = NULL;
	uint32_t *at, place;

	if ((w->label < 0 && !(held = pack(w))) || (m->n == m->room && grow(m))) {
		free(held);
		return -1;
	}
	if (*(at = find(m, hash)))
		free(unlink_item(m, at));
	while (m->n == m->room || (m->n && held && m->bytes + held->bytes > m->most_bytes))
		drop_first(m);
	place = (m->first + m->n++) % m->room;
	at = head(m, hash);
	m->item[place] = (struct item){ hash, *at, w->label, held };
	*at = place + 1;
	m->bytes += held ? held->bytes : 0;
	m->counts.n_waiting++;
	return 0;
}

struct qos_waiting *qos_memory_take(struct qos_memory *m, struct qos_str id)
{
	uint32_t *at = m->room ? find(m, hash_of(id)) : NULL;

	if (!at || !*at)
		return NULL;
	free(m->lent);
	m->label = (struct qos_waiting){ .label = m->item[*at - 1].label };
	m->lent = unlink_item(m, at);
	return m->lent ? &m->lent->w : &m->label;
}

void qos_memory_counts(const struct qos_memory *m, struct qos_memory_counts *counts)
{
	*counts = m->counts;
}
