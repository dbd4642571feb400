/* Records and labels that wait for each other. */
#include "classify/memory.h"

#include <stdio.h>

#include "tests/unit/test.h"

static struct qos_feature x[3] = { { 1, 0.5f }, { 2, 1 }, { 7, 2 } };
static struct qos_attribute attribute[1] = { { .column = 4, .numeric = true, .number = 3 } };

static struct qos_waiting record(int class)
{
	return (struct qos_waiting){ .label = -1,
				     .example = { .x = x,
						  .n = 3,
						  .n_text = 1,
						  .attribute = attribute,
						  .n_attributes = 1 },
				     .guess = -1,
				     .class = class };
}

static struct qos_str id_of(int i)
{
	static char text[20];

	return (struct qos_str){ text, (size_t)snprintf(text, sizeof(text), "m%d", i) };
}

static void keep(struct qos_memory *m, int id, struct qos_waiting w)
{
	CHECK_INT(qos_memory_keep(m, id_of(id), &w), 0);
}

static void both(void)
{
	struct qos_memory *m = qos_memory_new(0, 0);
	struct qos_memory_counts counts;
	struct qos_waiting *w;

	CHECK(!qos_memory_take(m, id_of(1)));
	keep(m, 1, record(3));
	keep(m, 2, (struct qos_waiting){ .label = 5 });
	w = qos_memory_take(m, id_of(1));
	CHECK(w && w->label < 0 && w->class == 3 && w->example.n == 3 && w->example.n_text == 1);
	CHECK(w && w->example.x != x && w->example.x[2].slot == 7 && w->example.attribute[0].column == 4);
	CHECK(!qos_memory_take(m, id_of(1))); /* once */
	w = qos_memory_take(m, id_of(2));
	CHECK(w && w->label == 5);
	keep(m, 3, record(1));
	keep(m, 3, record(2)); /* the later one */
	CHECK_INT(qos_memory_take(m, id_of(3))->class, 2);
	CHECK(!qos_memory_take(m, id_of(3)));
	qos_memory_counts(m, &counts);
	CHECK(counts.n_waiting == 0 && counts.n_records_out == 0 && counts.n_labels_out == 0);
	qos_memory_free(m);
}

static void bounded(void)
{
	struct qos_memory *m = qos_memory_new(2000, 0);
	struct qos_memory_counts counts;

	for (int i = 0; i < 5000; i++)
		keep(m, i, i % 2 ? record(i) : (struct qos_waiting){ .label = i });
	qos_memory_counts(m, &counts);
	CHECK(counts.n_waiting == 2000 && counts.n_records_out == 1500 && counts.n_labels_out == 1500);
	CHECK(!qos_memory_take(m, id_of(2999)));
	for (int i = 3000; i < 5000; i++) {
		struct qos_waiting *w = qos_memory_take(m, id_of(i));

		CHECK(w && (i % 2 ? w->class : w->label) == i);
	}
	for (int i = 0; i < 3000; i++) /* places that were emptied are taken again */
		keep(m, i, record(i));
	CHECK_INT(qos_memory_take(m, id_of(1000))->class, 1000);
	qos_memory_free(m);
	m = qos_memory_new(0, 4000);
	for (int i = 0; i < 100; i++)
		keep(m, i, record(i));
	qos_memory_counts(m, &counts);
	CHECK(counts.n_waiting > 5 && counts.n_waiting < 40 && counts.n_waiting + counts.n_records_out == 100);
	CHECK_INT(qos_memory_take(m, id_of(99))->class, 99);
	qos_memory_free(m);
}

int main(void)
{
	RUN("whichever comes first waits for the other", both);
	RUN("by number and by bytes the oldest goes, and is counted", bounded);
	return DONE();
}
