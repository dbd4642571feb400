/*
 * The tree: a link and its classes, and who may send next.
 *
 * Two levels of claims, as in HTB: classes owed their floor come first, borrowers after them; in each, the lowest prio,
 * and among equals deficit round robin with a quantum by weight.
 */
#ifndef QOS_SHAPE_TREE_H
#define QOS_SHAPE_TREE_H

#include "config/config.h"
#include "sched/bucket.h"

enum qos_claim { QOS_CLAIM_FLOOR, QOS_CLAIM_BORROW, QOS_N_CLAIMS };

struct qos_tree_class {
	struct qos_bucket floor; /* not used when rate is 0 */
	struct qos_bucket ceil;  /* not used when it may take the link */
	bool has_floor, has_ceil;
	bool ceil_depth_follows; /* the depth is the largest record seen */
	int prio;
	double weight;         /* of the excess, > 0 */
	int64_t quantum_bytes; /* given, or weight over the smallest weight times the largest record */
	bool quantum_follows;
	int64_t credit_bytes[QOS_N_CLAIMS];
};

struct qos_tree {
	struct qos_bucket link;
	int64_t link_bps;
	bool link_depth_follows; /* the depth is the largest record seen, or what the link sends in a microsecond */
	int64_t largest_bytes;   /* record seen */
	struct qos_tree_class class[QOS_CLASSES_MOST];
	int n_classes;
	double weight_least;
	uint64_t waiting;                     /* bit = class that has records */
	uint64_t same_prio[QOS_CLASSES_MOST]; /* by class: all classes of its prio */
	int turn[QOS_N_CLAIMS];               /* class whose turn it is */
};

/* Fails  QOS_EUSAGE when the guarantees add up to more than the link, or one of them exceeds its ceil. */
int qos_tree_init(struct qos_tree *t, const struct qos_config *config, struct qos_err *err);
/*
 * Rates, ceilings, depths, prios and weights are those of this configuration from now on; what buckets hold stays.
 *
 * Nothing is refused: guarantees that now exceed the link share it by weight; a ceil below a guarantee holds.
 */
void qos_tree_change(struct qos_tree *t, const struct qos_config *config, int64_t now_ns);
/* A record of this size is about to be queued: buckets and quanta that follow the largest record grow. */
void qos_tree_see(struct qos_tree *t, int class, int64_t bytes);
/* Does a record fit through the link at all? */
static inline bool qos_tree_fits(const struct qos_tree *t, int64_t bytes)
{
	return t->link_depth_follows || bytes <= t->link.depth_bytes;
}

/*
 * Whose turn is it?
 *
 * head_bytes	[n_classes] size of the record that each waiting class would send
 * claim	written: the claim on which it sends
 * when_ns	written when -1: the first moment at which some waiting class is below its ceil again
 *
 * Returns  the class, -1 when every waiting class is at its ceil.
 */
int qos_tree_pick(struct qos_tree *t, const int64_t *head_bytes, int64_t now_ns, enum qos_claim *claim,
		  int64_t *when_ns);
/* The class sends: charges every bucket on the way, and its turn. */
void qos_tree_send(struct qos_tree *t, int class, enum qos_claim claim, int64_t bytes, int64_t now_ns);
/* The class has no records left: unused credit is forfeit, debt stays. */
void qos_tree_idle(struct qos_tree *t, int class);

#endif
