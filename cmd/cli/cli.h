/*
 * What every filter's main does: options, configuration, input, output, the loop, messages, exit status.
 *
 *   cli_open   arguments -> options, config          (help, version and bad usage are answered here)
 *   main	makes its stage from cli.config and cli.fields
 *   cli_drive  reader -> stage -> writer, until the end or a signal
 *   cli_close  messages, exit status
 */
#ifndef CMD_CLI_CLI_H
#define CMD_CLI_CLI_H

#include <stdio.h>

#include "cli/clock.h"
#include "cli/lateness.h"
#include "cli/loop.h"
#include "cli/metrics.h"
#include "cli/option.h"
#include "cli/progress.h"
#include "cli/reread.h"
#include "cli/tick.h"
#include "config/config.h"
#include "format/reader.h"
#include "format/writer.h"
#include "io/poller.h"
#include "record/stage.h"
#include "render/prom.h"

/* cli_open answered the user (help, version, --check-config ...): nothing is left to do, exit 0 */
#define CLI_DONE 1

struct cli {
	const struct cli_program *program;
	void *self; /* the program's own options, given to each cli_option.take */
	/* common options */
	const char *input, *output; /* format names, NULL: auto */
	const char *config_file;
	const char *set[64]; /* --set, in order */
	int n_set;
	const char *map[64]; /* -f NAME=COLUMN */
	int n_map;
	const char *no_header;
	const char *ts_format; /* NULL: not given */
	int ts_year;           /* 0: not given */
	bool csv_safe, decap;
	const char *remark;             /* "": each class's default; NULL: not given */
	int16_t dscp[QOS_CLASSES_MOST]; /* by class, for --remark */
	enum qos_on_error on_error;
	int64_t max_record;
	struct cli_progress progress;
	struct cli_metrics metrics;
	bool ticks; /* cli_tick_now() has something to do */
	bool quiet, verbose, explain_format, check_config, dump_config, summary;
	const char *const *args; /* [n_args] the command line, the program too */
	int n_args;
	const char *const *files; /* operands */
	int n_files;
	/* timed filters */
	struct cli_clock clock;
	struct cli_loop loop;
	bool backpressure;        /* while the stage is full nothing is read */
	int64_t drain_timeout_ns; /* after a signal */
	struct cli_lateness lateness;
	bool no_output; /* nothing is written to stdout */
	/* set by cli_stage.opened, .self NULL: none */
	struct qos_sink tee;      /* gets each record, too */
	struct qos_poller poller; /* what the tee wants to be watched */
	/* what they open */
	struct qos_config *config;
	struct qos_config *first_config; /* that it began with, when another was read since */
	struct qos_fields *fields;
	struct qos_decode decode; /* the program chooses the members before cli_drive */
	struct qos_reader *reader;
	struct qos_writer *writer;
	struct qos_out out;
	struct qos_err err;
	/* adds members to the summary's JSON object, each begun with a comma; NULL: none.  Set by main, with its
	 * argument. */
	void (*report)(const void *report_self, struct qos_buf *json);
	/* Four times a second, by the clock; NULL: nothing.  Set by main. */
	void (*on_tick)(void *on_tick_self);
	void *on_tick_self;
	bool enough; /* set by a tick: nothing more is read */
	/* The same numbers for --metrics; called while records flow; NULL: none. */
	void (*own_metrics)(const void *report_self, struct qos_prom *p);
	const void *report_self;
	int n_shown;           /* reader's messages printed so far */
	uint64_t n_late;       /* records that came with an earlier time than the one before */
	int64_t late_worst_ns; /* the furthest that one of them went back */
};

/*
 * Reads arguments and the configuration.
 *
 * self	     the program's own options, handed to the take functions of program->options
 *
 * Returns   0: go on; CLI_DONE: the user was answered; a negative qos_code with cli->err filled in.
 *	     In each case main goes on to cli_close.
 */
int cli_open(struct cli *cli, const struct cli_program *program, void *self, int argc, char **argv);

/*
 * To be called when the program has put its own options into the config (--class, --rule ...): checks it as a whole and
 * answers --check-config and --dump-config.   Returns  as cli_open.
 */
int cli_ready(struct cli *cli);

/* What a stage writes, and how its virtual time goes. */
struct cli_stage {
	struct qos_stage stage;
	const struct qos_column *columns; /* NULL: it writes no records (qos-stats) */
	int n_columns;
	const void *columns_self;
	bool timed; /* the clock follows arrivals, `due` is honoured; records need a time */
	/* NULL, or called when formats are known and before the first record, to set cli->tee and cli->poller. */
	int (*opened)(void *opened_self, struct cli *cli);
	/* NULL: SIGHUP does not mean that.  Takes another configuration, borrowed; or refuses it: nothing changes. */
	int (*reread)(void *opened_self, struct cli *cli, struct qos_config *config, struct qos_err *err);
	void *opened_self; /* of both */
};

/*
 * Runs records from the operands through the stage to stdout, in virtual time; then the summary, if it was asked for.
 *
 * Returns   0, or a negative qos_code; bad input is counted by the reader and becomes QOS_EINPUT in cli_close.
 */
int cli_drive(struct cli *cli, const struct cli_stage *s);

/*
 * Prints what is left to say, frees all, and gives the exit status.  Ends by the signal that stopped the filter.  The
 * stage, which borrows config and fields, is freed before.
 */
int cli_close(struct cli *cli, int rc);

/* The configuration of --config and --set, read again.   Returns  as qos_config_load(). */
int cli_load_config(const struct cli *cli, struct qos_config **config, struct qos_err *err);
/* Prints those of the reader's messages about bad records that were not printed yet. */
void cli_show_rejects(struct cli *cli);
/* The same for any reader, from message n_shown on.   Returns  how many were shown by now. */
int cli_say_rejects(const struct cli *cli, const struct qos_reader_counts *counts, int n_shown);
/* Prints the summary so far. */
void cli_show_summary(struct cli *cli);

/* "name: text" on stderr, control characters made visible. */
void cli_say(const struct cli *cli, const char *text);

#endif
