/* The two halves of csv: csv.c reads, csv_write.c writes. */
#ifndef QOS_FORMAT_CSV_H
#define QOS_FORMAT_CSV_H

#include "format/format.h"

struct qos_csv_writer {
	/* in a splice: our columns that the header has already, in its order */
	struct {
		int value; /* index into the values */
		int kept;  /* index into fields->keep */
	} replaced[16];
	int n_replaced;
	int appended[16]; /* indices of the values that are appended, in their order */
	int n_appended;
	/* built: the kept fields that the header has, in its order */
	uint16_t *kept; /* [n_kept], owned; indices into fields->keep */
	int n_kept;
	int n_seen; /* fields->n_keep when the header was written */
	bool spliced;
	bool empty; /* a splice of an input without any header: nothing is ever written */
};

/* The writing verbs of format.h. */
int qos_csv_begin(void *state, struct qos_writing *w, const struct qos_record *first);
void qos_csv_put(void *state, struct qos_writing *w, const struct qos_record *r, const struct qos_value *v);
void qos_csv_end(void *state, struct qos_writing *w);

/* Adds one text to a row, in quotes where csv needs them. */
void qos_csv_add_text(struct qos_out *o, struct qos_str text);

#endif
