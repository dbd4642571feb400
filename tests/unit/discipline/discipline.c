/* What every discipline owes, run over the table: a new one is tested by being registered. */
#include "discipline/discipline.h"

#include "tests/unit/discipline/serve.h"

enum { N = 20000 };
static struct qos_record record[N];
static uint64_t random_state;

static uint32_t below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state % n);
}

static const double shares[] = { 0.3, 0.25, 0.25, 0.15, 0 };
static const int64_t targets[] = { 10000000, 50000000, 100000000, 1000000000, 5000000000 };

/* Random pushes and services; then everything is drained. */
static void owes(const struct qos_discipline *d)
{
	struct serve s;
	struct qos_record *r;
	int n_in = 0, n_out = 0, idle = 0;
	uint64_t last_seq[5] = { 0 };
	int64_t now = 0, disorder = 0;

	random_state = 88172645463325252ull;
	serve_open(&s, d, 5, shares, targets);
	while (n_in < N || s.waiting) {
		if (n_in < N && (!s.waiting || below(100) < 52)) {
			int rank = (int)below(5);

			now += below(100000);
			/* one deadline span a class: order of deadlines is order of arrival */
			serve_push(&s, &record[n_in++], rank, now + targets[rank], below(50000));
			continue;
		}
		r = serve_next(&s);
		idle += !r;
		if (!r)
			break;
		n_out++;
		disorder += n_out > 1 && r->node.seq < last_seq[r->class];
		last_seq[r->class] = r->node.seq;
	}
	CHECK_INT(idle, 0);
	CHECK_INT(n_out, n_in);
	CHECK_INT(disorder, 0);
	serve_close(&s);
}

static void contract(void)
{
	for (int i = 0; qos_disciplines[i]; i++) {
		printf("# %s\n", qos_disciplines[i]->name);
		owes(qos_disciplines[i]);
	}
}

static void by_name(void)
{
	for (int i = 0; qos_disciplines[i]; i++) {
		CHECK(qos_discipline_find(qos_str(qos_disciplines[i]->name)) == qos_disciplines[i]);
		CHECK(strlen(qos_disciplines[i]->summary) > 10);
	}
	CHECK(qos_discipline_find(QOS_STR("nonsense")) == NULL);
}

int main(void)
{
	RUN("every discipline never idles while somebody waits, loses nothing, keeps the order of a class", contract);
	RUN("disciplines are found by name", by_name);
	return DONE();
}
