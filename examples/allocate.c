/*
 * Allocates and releases bandwidth: streams of a video call ask for a part of a link of 1 Mbit/s.
 *
 *   cc -o allocate allocate.c $(pkg-config --cflags --libs qos)
 */
#include <qos.h>
#include <stdio.h>

#define SECOND 1000000000LL

static void show(const char *what, const struct qos_grant *g)
{
	printf("%-18s %6lld bit/s, %3.0f%% used, %s\n", what, (long long)g->granted_bps, 100 * g->utilisation,
	       qos_grant_reason_name[g->reason]);
}

int main(void)
{
	static const char *const set[] = { "bandwidth.total_bandwidth=1mbit" };
	/* half of what less urgent classes are guaranteed may be promised; unused for 10 s, a promise ends */
	struct qos_allocator_options options = { .lendable = 0.5, .idle_ns = 10 * SECOND };
	struct qos_err err = { 0 };
	struct qos_config *config;
	struct qos_allocator *a;
	struct qos_grant g;
	uint32_t n_ended;
	int critical;

	if (qos_config_load(&config, NULL, set, 1, &err) || qos_allocator_new(&a, config, &options, &err)) {
		fprintf(stderr, "allocate: %s\n", err.text);
		return 1;
	}
	critical = qos_names_find(&config->class_names, qos_str("critical"));

	g = qos_allocator_allocate(a, critical, qos_str("voice"), QOS_ALLOCATOR_NO_TENANT, 64000, 0);
	show("voice asks 64k", &g);
	g = qos_allocator_allocate(a, critical, qos_str("video"), QOS_ALLOCATOR_NO_TENANT, 800000, 0);
	show("video asks 800k", &g);
	g = qos_allocator_allocate(a, critical, qos_str("screen"), QOS_ALLOCATOR_NO_TENANT, 100000, 0);
	show("screen asks 100k", &g);

	/* video sends 36,625 bytes in a second, which is half of what it got, and is content with that */
	qos_allocator_use(a, qos_allocator_find(a, critical, qos_str("video")), 36625, SECOND);
	g = qos_allocator_update(a, critical, qos_str("video"), 293000, SECOND);
	show("video asks 293k", &g);
	g = qos_allocator_allocate(a, critical, qos_str("screen"), QOS_ALLOCATOR_NO_TENANT, 100000, SECOND);
	show("screen asks 100k", &g);

	g = qos_allocator_release(a, critical, qos_str("video"), 2 * SECOND);
	show("video releases", &g);
	n_ended = qos_allocator_expire(a, 10 * SECOND);
	printf("%u ended unused, %lld bit/s are promised\n", n_ended, (long long)qos_allocator_promised(a, -1));
	qos_allocator_free(a);
	qos_config_free(config);
	return 0;
}
