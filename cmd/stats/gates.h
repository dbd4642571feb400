/* The gates of qos-stats: --check, --slo, --baseline, and how their verdicts are told: messages, --tap, --junit. */
#ifndef CMD_STATS_GATES_H
#define CMD_STATS_GATES_H

#include "cli/cli.h"
#include "stats/gate.h"

#define STATS_CHECKS_MOST 64

struct stats_gates {
	/* as given */
	const char *check[STATS_CHECKS_MOST];
	int n_checks;
	const char *slo_text[QOS_SLOS_MOST];
	int n_slos;
	const char *baseline, *junit;
	bool tap;
	/* made of it */
	struct qos_slo slo[QOS_SLOS_MOST];
	struct qos_measure_names names;
	struct qos_gate *gate[STATS_CHECKS_MOST];
	struct qos_arena arena; /* of the baseline */
};

/* Takes for the option table; self is the gates. */
int stats_gates_take_check(struct stats_gates *g, const char *arg, struct qos_err *err);
int stats_gates_take_slo(struct stats_gates *g, const char *arg, struct qos_err *err);

/* What cannot be asked is refused before the first record.  by_class: groups are the classes, not those of --by. */
int stats_gates_open(struct stats_gates *g, struct cli *cli, bool by_class);
/* Asks all of them, tells.   Returns  0, QOS_ECHECK when one does not hold, or another failure. */
int stats_gates_run(struct stats_gates *g, struct cli *cli, const struct qos_report *r);
/* Gives back what it owns; the struct itself is the caller's. */
void stats_gates_free(struct stats_gates *g);

#endif
