/*
 * One table of options: it feeds getopt_long, --help, the OPTIONS of the manual and the completions.
 */
#ifndef CMD_CLI_OPTION_H
#define CMD_CLI_OPTION_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct cli;

struct cli_option {
	const char *name; /* long name without dashes; NULL ends a table */
	char letter;      /* short name, 0: none */
	const char *arg;  /* name of its argument for help, "[=NAME]" where it may be left out; NULL: it takes none */
	const char *help; /* one line, small letter first, no full stop */
	/* Takes it; self is the program's own options.   Fails  with err filled in (the caller adds the option's name).
	 */
	int (*take)(void *self, const char *arg, struct qos_err *err);
};

enum cli_uses {                 /* which of the common options a program has */
		CLI_INPUT = 1,  /* -i, operands, --on-error, --max-record, -f, --no-header, --explain-format */
		CLI_OUTPUT = 2, /* -o */
		CLI_CONFIG = 4, /* -c, --set, --check-config, --dump-config */
		CLI_TIMED = 8,  /* --realtime, --replay, --loop, --backpressure, --drain-timeout */
};

struct cli_program {
	const char *name;
	const char *summary;  /* what it does, one line */
	const char *operands; /* in the usage line: "[FILE ...]" */
	const char *examples; /* lines for --help; NULL */
	unsigned uses;        /* enum cli_uses */
	const struct cli_option *options;
};

/*
 * Reads argv into cli and, through the tables, into the program's options.
 *
 * Returns  0, CLI_DONE when --help or --version was answered, or QOS_EUSAGE.
 */
int cli_options_read(struct cli *cli, int argc, char **argv, struct qos_err *err);

/* Helpers for `take`: exact units into a member, with the error text of the unit parser. */
int cli_take_size(const char *arg, int64_t *bytes, struct qos_err *err);
int cli_take_duration(const char *arg, int64_t bare_ns, int64_t *ns, struct qos_err *err);
int cli_take_bitrate(const char *arg, int64_t *bps, struct qos_err *err);
int cli_take_count(const char *arg, int64_t least, int64_t most, int64_t *n, struct qos_err *err);

#endif
