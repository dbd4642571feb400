/* Tables of parameters. */
#include "unit/param.h"

#include "tests/unit/test.h"

struct sample {
	int64_t target_ns, limit_bytes, n;
	double share, factor;
	bool mark;
};

static const struct qos_param table[] = {
	{ "target", QOS_PARAM_DURATION, offsetof(struct sample, target_ns), "5ms", "1us", "1h", "wait that is fine" },
	{ "limit", QOS_PARAM_SIZE, offsetof(struct sample, limit_bytes), "32MB", "1", NULL, "bytes" },
	{ "n", QOS_PARAM_COUNT, offsetof(struct sample, n), NULL, "1", "100", "how many" },
	{ "share", QOS_PARAM_SHARE, offsetof(struct sample, share), "10%", NULL, NULL, "part" },
	{ "factor", QOS_PARAM_NUMBER, offsetof(struct sample, factor), "0.125", "0", "10", "slope" },
	{ "mark", QOS_PARAM_TRUTH, offsetof(struct sample, mark), "false", NULL, NULL, "marks" },
	{ 0 }
};

static void defaults(void)
{
	struct sample s = { 0 };

	qos_params_default(table, &s);
	CHECK_INT(s.target_ns, 5000000);
	CHECK_INT(s.limit_bytes, 32000000);
	CHECK_INT(s.n, 0);
	CHECK(s.share == 0.1 && s.factor == 0.125 && !s.mark);
}

static void given(void)
{
	struct sample s = { 0 };
	struct qos_str rest;
	struct qos_err err;

	qos_params_default(table, &s);
	CHECK(qos_params_read(table, &s, qos_str(""), &err) == 0);
	CHECK(qos_params_name((struct qos_str){ 0 }, &rest).n == 0 && rest.n == 0); /* no text at all */
	CHECK(qos_params_name(qos_str("codel,target=1ms"), &rest).n == 5 && rest.n == 10);
	CHECK(qos_params_read(table, &s, qos_str("n=7,target=20ms,mark,factor=1.5,"), &err) == 0);
	CHECK_INT(s.n, 7);
	CHECK_INT(s.target_ns, 20000000);
	CHECK(s.mark && s.factor == 1.5);
}

static void refused(const char *text, const char *want)
{
	struct sample s = { 0 };
	struct qos_err err;

	CHECK_INT(qos_params_read(table, &s, qos_str(text), &err), QOS_EUSAGE);
	CHECK_TEXT(err.text, want);
}

static void wrong(void)
{
	refused("tarket=1ms", "there is no parameter \"tarket\"; did you mean \"target\"?");
	refused("n=101", "n is 101; it may be 1 to 100");
	refused("n=0", "n is 0; it may be 1 to 100");
	refused("factor=nan", "factor: \"nan\" is not a number");
	refused("target", "target wants a value: target=5ms");
	refused("mark=perhaps", "mark: \"perhaps\" is neither true nor false");
}

static void help(void)
{
	struct qos_buf b = { 0 };

	qos_params_help(table, &b);
	CHECK(strstr(b.p, "target       wait that is fine (default 5ms)") != NULL);
	CHECK(strstr(b.p, "n            how many\n") != NULL);
	qos_buf_free(&b);
}

int main(void)
{
	RUN("what is not given has the default of its row", defaults);
	RUN("keys are read with the units of their kind, a truth may stand alone", given);
	RUN("unknown keys and values out of their limits are refused with the reason", wrong);
	RUN("help names every key, its meaning and default", help);
	return DONE();
}
