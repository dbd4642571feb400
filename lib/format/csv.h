/* The parts of csv and tsv: csv.c reads, csv_detect.c tells them from others, csv_write.c writes. */
#ifndef QOS_FORMAT_CSV_H
#define QOS_FORMAT_CSV_H

#include "format/format.h"

struct qos_csv_writer {
	char separator;
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
int qos_tsv_begin(void *state, struct qos_writing *w, const struct qos_record *first);
void qos_csv_put(void *state, struct qos_writing *w, const struct qos_record *r, const struct qos_value *v);
void qos_tsv_put(void *state, struct qos_writing *w, const struct qos_record *r, const struct qos_value *v);
void qos_csv_end(void *state, struct qos_writing *w);

/*
 * How well do the first bytes of an input fit values with this separator, 0..100?
 *
 * why	size 160: the reason in a few words
 */
int qos_csv_detect(struct qos_str head, char separator, char *why);

#endif
