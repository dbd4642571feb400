/*
 * The generator: a trace with known statistics, as a source of records.
 *
 * Every class is an arrival process of its own; they are merged in the order of time.  What is drawn for a class
 * (arrivals, marks, streams, sizes, service times, payloads) comes from random streams that depend on the seed and the
 * class's name alone: adding a class, or asking for payloads, changes nothing else.  Same options, same bytes.
 */
#ifndef QOS_GEN_GEN_H
#define QOS_GEN_GEN_H

#include "base/err.h"
#include "gen/class.h"
#include "record/stage.h"

#define QOS_GEN_CLASSES 64

struct qos_gen_options {
	int64_t count;                       /* records; 0: until duration_ns */
	int64_t duration_ns;                 /* no record at or after start_ns + duration_ns; 0: until count */
	struct qos_gen_rate rate;            /* of all classes without a rate of their own */
	struct qos_arrival_law arrivals;     /* of classes without their own */
	struct qos_size size, service;       /* the same; n == 0: not given */
	int64_t n_streams;                   /* they are shared by all classes, as users or hosts are */
	double zipf;                         /* exponent of the streams' popularity, 0: all alike */
	int64_t n_tenants;                   /* streams belong to them in turn; 0: no field tenant */
	const struct qos_gen_class *classes; /* [n_classes]; n_classes 0: the default mix */
	int n_classes;
	bool payload;       /* write the field payload */
	bool labels;        /* write the class as label */
	bool with_class;    /* write the class as class */
	bool json;          /* JSON Lines instead of CSV */
	const char *fields; /* names in order, "ts,id,size"; NULL: all that were asked for */
	int64_t start_ns;   /* moment that time begins */
	uint64_t seed;
};

struct qos_gen_counts {
	struct qos_str name;
	uint64_t n_records, bytes; /* bytes: the sum of size */
};

struct qos_gen;

/*
 * Makes a generator.  All of the options is copied.
 *
 * Fails  QOS_EUSAGE: shares over 100%, an unknown field, two classes of a name, nothing that would end the trace.
 */
int qos_gen_new(struct qos_gen **g, const struct qos_gen_options *o, struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_gen_free(struct qos_gen *g);

/* Records with bytes (a line without its end), cells, ts_ns, arrival_ns, size_bytes, service_ns, class (an index). */
struct qos_source qos_gen_source(struct qos_gen *g);
/* What stands before the first record: the header line of CSV, empty for JSON.  Owns  the generator. */
struct qos_str qos_gen_header(const struct qos_gen *g);
/* What was generated for class i so far; n_classes of them.   Returns  false when there is no class i. */
bool qos_gen_counted(const struct qos_gen *g, int i, struct qos_gen_counts *counts);

#endif
