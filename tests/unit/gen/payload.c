/* Payloads: plain text, deterministic, different per type. */
#include "gen/payload.h"

#include "tests/unit/test.h"

static const char *const types[] = { "health_check", "alert",         "config",   "event", "job",    "request",
				     "response",     "file_transfer", "artifact", "log",   "metric", "something" };

static void is_plain(void)
{
	struct qos_payload *p;
	struct qos_rng r;
	int bad = 0, longest = 0;

	CHECK_INT(qos_payload_new(&p, NULL), 0);
	qos_rng_seed(&r, 1);
	for (int t = 0; t < 12; t++)
		for (int i = 0; i < 5000; i++) {
			char text[QOS_PAYLOAD_BYTES];
			int n = (int)(qos_payload_write(p, qos_payload_set(qos_str(types[t])), &r, text) - text);

			longest = n > longest ? n : longest;
			bad += n < 8;
			for (int k = 0; k < n; k++)
				bad += text[k] < ' ' || text[k] > '~' || strchr("\",\\'", text[k]) != NULL;
		}
	CHECK_INT(bad, 0);
	CHECK(longest > 40 && longest < 160);
	qos_payload_free(p);
}

static void repeats(void)
{
	struct qos_payload *p;
	struct qos_rng a, b;
	char one[QOS_PAYLOAD_BYTES], two[QOS_PAYLOAD_BYTES];
	int differ = 0;

	CHECK_INT(qos_payload_new(&p, NULL), 0);
	qos_rng_seed(&a, 3);
	qos_rng_seed(&b, 3);
	for (int i = 0; i < 1000; i++) {
		int set = i % 12;
		size_t n = (size_t)(qos_payload_write(p, set, &a, one) - one),
		       m = (size_t)(qos_payload_write(p, set, &b, two) - two);

		differ += n != m || memcmp(one, two, n) != 0;
	}
	CHECK_INT(differ, 0);
	qos_payload_free(p);
}

static void knows_types(void)
{
	for (int t = 0; t < 12; t++)
		CHECK_INT(qos_payload_set(qos_str(types[t])), t);
	CHECK_INT(qos_payload_set(QOS_STR("")), 11);
}

/* Every blank is filled in: no percent sign is left but those behind a number. */
static void fills_in(void)
{
	struct qos_payload *p;
	struct qos_rng r;
	int wrong = 0, percent = 0;

	CHECK_INT(qos_payload_new(&p, NULL), 0);
	qos_rng_seed(&r, 2);
	for (int i = 0; i < 50000; i++) {
		char text[QOS_PAYLOAD_BYTES];
		char *end = qos_payload_write(p, i % 12, &r, text);

		for (char *at = text; at < end; at++)
			if (*at == '%') {
				percent++;
				wrong += at == text || at[-1] < '0' || at[-1] > '9' || (at + 1 < end && at[1] != ' ');
			}
	}
	CHECK_INT(wrong, 0);
	CHECK(percent > 0);
	qos_payload_free(p);
}

int main(void)
{
	RUN("payloads are printable and need no escaping in any format", is_plain);
	RUN("the same random numbers give the same payloads", repeats);
	RUN("every type has its own texts, an unknown one the common ones", knows_types);
	RUN("blanks are filled in", fills_in);
	return DONE();
}
