/* How much of the traffic each level of failover gets. */
#ifndef QOS_POOL_PRIORITY_H
#define QOS_POOL_PRIORITY_H

#define QOS_PRIORITY_MOST 64

/*
 * Load by level from the healthy members of each level, both in whole percent; level 0 is asked first.
 *
 * A level can take min(100, 1.4 x healthy): it keeps all of the load until more than 2 of 7 members are lost.  What it
 * cannot take goes to the next.  When all levels together can take less than everything, everything is shared by what
 * they can take, in whole percent by largest remainder (the earlier level on a tie).
 *
 * load	[n], written; adds up to 100, or is all 0 when nobody is healthy
 * After  Envoy, priority levels with an overprovisioning factor of 1.4.
 */
void qos_priority_load(const int *healthy, int n, int *load);

#endif
