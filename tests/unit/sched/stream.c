/* Active streams against a plain table, with deletions. */
#include "sched/stream.h"

#include "tests/unit/test.h"

static uint64_t state = 88172645463325252ull;

static uint32_t below(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state % n);
}

static void come_and_go(void)
{
	enum { N = 5000 };
	static struct qos_stream *active[N];
	struct qos_streams t;
	int wrong = 0;
	char text[16];
	uint32_t n = 0;

	CHECK(qos_streams_init(&t, NULL) == 0);
	for (int step = 0; step < 300000; step++) {
		uint32_t i = below(N);
		struct qos_str name = { text, (size_t)snprintf(text, sizeof(text), "s%u", i / 2) };
		uint64_t hash;
		struct qos_stream *s = qos_streams_find(&t, i % 2, name, &hash);

		wrong += s != active[i];
		if (s) {
			qos_streams_remove(&t, s);
			active[i] = NULL;
			n--;
		} else {
			active[i] = qos_streams_add(&t, i % 2, name, hash);
			wrong += !active[i];
			n++;
		}
		wrong += t.n != n;
	}
	CHECK_INT(wrong, 0);
	qos_streams_free(&t);
}

int main(void)
{
	RUN("streams are found while active, by group and name, and not after", come_and_go);
	return DONE();
}
