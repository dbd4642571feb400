/*
 * Which format is it?
 *
 * Every format scores how well the first bytes of an input fit; the best one wins if it reaches 30 of 100.  The scores
 * are the formats' own business (magic bytes are near 100, a csv with a known column near 95).
 */
#include <stdio.h>

#include "format/format.h"

#define LEAST_SCORE 30 /* below, guessing would do more harm than asking */
#define WHY_BYTES   160

#define FORMAT_ENTRY(name) &qos_format_##name,
const struct qos_format *const qos_formats[] = { QOS_FORMATS(FORMAT_ENTRY) NULL };

const struct qos_format *qos_format_find(struct qos_str name)
{
	for (int i = 0; qos_formats[i]; i++)
		if (qos_str_is(name, qos_formats[i]->name))
			return qos_formats[i];
	return NULL;
}

const struct qos_format *qos_format_detect(struct qos_str head, char *why)
{
	const struct qos_format *best = qos_formats[0];
	char reason[WHY_BYTES] = "", best_reason[WHY_BYTES] = "";
	int best_score = -1;

	for (int i = 0; qos_formats[i]; i++) {
		int score;

		reason[0] = '\0';
		score = qos_formats[i]->detect ? qos_formats[i]->detect(head, reason) : 0;
		if (score <= best_score)
			continue;
		best_score = score;
		best = qos_formats[i];
		memcpy(best_reason, reason, sizeof(reason));
	}
	if (best_score < LEAST_SCORE) {
		snprintf(why, 200, "no format fits; nearest is %s (%d of 100): %s", best->name, best_score,
			 best_reason);
		return NULL;
	}
	snprintf(why, 200, "%s (%d of 100): %s", best->name, best_score, best_reason);
	return best;
}
