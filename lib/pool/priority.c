/* Failover by levels. */
#include "pool/priority.h"

#include <stdbool.h>

static int able(int healthy)
{
	int part = healthy * 140 / 100;

	return part < 100 ? part : 100;
}

/* The level not yet rounded up that lost most by rounding down. */
static int most_cut(const int *healthy, int n, int sum, const bool *raised)
{
	int most = -1, at = 0;

	for (int i = 0; i < n; i++) {
		int rest = able(healthy[i]) * 100 % sum;

		if (!raised[i] && rest > most) {
			most = rest;
			at = i;
		}
	}
	return at;
}

void qos_priority_load(const int *healthy, int n, int *load)
{
	bool raised[QOS_PRIORITY_MOST] = { false };
	int sum = 0, left = 100;

	for (int i = 0; i < n; i++)
		sum += able(healthy[i]);
	for (int i = 0; i < n; i++) {
		int part = able(healthy[i]);

		if (sum < 100)
			part = sum ? part * 100 / sum : 0;
		load[i] = part < left ? part : left;
		left -= load[i];
	}
	for (; sum && left; left--) {
		int i = most_cut(healthy, n, sum, raised);

		raised[i] = true;
		load[i]++;
	}
}
