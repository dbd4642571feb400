/* --loop: the inputs over and over, as if the trace went on: the times of each pass follow those of the one before. */
#ifndef CMD_CLI_LOOP_H
#define CMD_CLI_LOOP_H

#include "format/reader.h"
#include "format/writer.h"

#define CLI_LOOP_MOST    1000000 /* inputs opened in all */
#define CLI_LOOP_COLUMNS 16

struct cli_loop {
	int64_t n_passes;   /* 1: no loop */
	const char **files; /* [n_passes * n_operands], for the reader */
	int n_operands;
	struct qos_reader *reader;
	struct qos_source in;
	uint64_t seq;              /* of the record seen last */
	uint64_t n_first;          /* records of the first pass */
	int64_t first_ns, last_ns; /* their earliest and latest arrival */
	struct qos_column column[CLI_LOOP_COLUMNS];
};

/* The operands, n_passes times.   Fails  when one is not a regular file, or memory runs out. */
int cli_loop_open(struct cli_loop *l, const char *const *files, int n_files, struct qos_err *err);
void cli_loop_free(struct cli_loop *l);
/* A source over a reader of l->files.  A pass begins a mean gap after the last arrival of the one before it. */
struct qos_source cli_loop_source(struct cli_loop *l, struct qos_reader *reader);
/* Adds ts to what a stage writes, since the one in the input is that of the first pass. */
void cli_loop_columns(struct cli_loop *l, const struct qos_column **columns, int *n);

#endif
