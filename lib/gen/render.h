/* A generated record as text: one CSV line or one JSON object, and where its fields stand in it. */
#ifndef QOS_GEN_RENDER_H
#define QOS_GEN_RENDER_H

#include "gen/mix.h"
#include "gen/payload.h"
#include "record/record.h"

#define QOS_RENDER_COLUMNS 11
#define QOS_RENDER_BYTES   2048 /* room that writing a line may touch */

/* What a line says. */
struct qos_gen_row {
	int64_t ts_ns;
	uint64_t number; /* of the record, from 1: its id */
	uint64_t stream;
	uint64_t n_tenants; /* 0: tenant `default`; else streams belong to them in turn */
	int64_t size_bytes;
	int64_t service_ns;
	const struct qos_token *type, *priority, *class;
	int payload_set;
	struct qos_rng *payload_rng;
};

struct qos_render_column {
	int field; /* enum qos_field */
	uint8_t n_before;
	char before[23]; /* comma, quotes, JSON name: what stands before the value */
};

struct qos_render {
	struct qos_render_column column[QOS_RENDER_COLUMNS];
	int n;
	bool json;
	const struct qos_payload *payload; /* borrowed */
	int64_t second; /* the last one written, as text: most records share it with the one before */
	char second_text[24];
	uint8_t second_bytes;
};

/* fields	[n] of enum qos_field, those that can be generated, each once; their order is that of the columns */
void qos_render_init(struct qos_render *r, bool json, const int *fields, int n, const struct qos_payload *payload);
/* The header line of CSV without its end, at most QOS_RENDER_BYTES.   Returns  its bytes; 0 for JSON. */
size_t qos_render_header(const struct qos_render *r, char *p);
/*
 * Writes the line without its end.
 *
 * cell	[QOS_N_KNOWN], those of the columns are set
 *
 * Returns  its bytes.
 */
size_t qos_render_line(struct qos_render *r, const struct qos_gen_row *row, char *p, struct qos_cell *cell);
/* Can this field be generated?   Returns  enum qos_field, or -1. */
int qos_render_field(struct qos_str name);
/* Is its value a number, which JSON writes without quotes? */
bool qos_render_number(int field);

#endif
