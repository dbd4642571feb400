/* Requests: what is read of a record, what is written beside it, and the guarantees that follow. */
#include "shape/grants.h"

#include "tests/unit/drive.h"

#define S 1000000000LL
static const double shares[] = { 0.3, 0.25, 0.25, 0.15, 0.05 };
static struct qos_class_config classes[5];
static struct qos_tenant_config tenants[1] = { { .name = QOS_STR("acme"), .share = 0.1 } };
static struct qos_config config;
static struct qos_fields *fields;
static struct qos_grants g;
static char seen[200]; /* the last answer as it would be written */

static void put(void *self, struct qos_record *r)
{
	static const int field[] = { QOS_F_GRANTED, QOS_F_UTILISATION, QOS_F_REASON };
	char scratch[64];

	*seen = 0;
	for (int i = 0; i < 3; i++) {
		struct qos_str text = qos_grants_text(&g, field[i], scratch);

		snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "%.*s ", QOS_STR_ARG(text));
	}
}

/* The record's bytes are its operation, rate, stream and tenant, one behind the other. */
static bool serve(const char *op, const char *rate, const char *stream, const char *tenant, int64_t now_ns)
{
	const char *text[] = { op, rate, stream, tenant };
	static const int field[] = { QOS_F_OP, QOS_F_RATE, QOS_F_STREAM, QOS_F_TENANT };
	struct qos_cell cell[QOS_N_KNOWN] = { 0 };
	struct qos_sink out = { put, NULL };
	char bytes[400];
	struct qos_record r = { .bytes = bytes, .cell = cell };
	uint32_t at = 0;

	for (int i = 0; i < 4; i++) {
		uint32_t n = (uint32_t)strlen(text[i]);

		memcpy(bytes + at, text[i], n);
		if (n)
			cell[field[i]] = (struct qos_cell){ .off = at, .len = n, .kind = QOS_CELL_TEXT };
		at += n;
	}
	if (!qos_grants_asks(&g, &r))
		return false;
	qos_grants_serve(&g, &r, QOS_F_STREAM, now_ns, &out);
	return true;
}

static void open_grants(bool asked)
{
	struct qos_allocator_options o = { .lendable = 0.5, .idle_ns = S };
	struct qos_err err;

	qos_grants_free(&g);
	config_of(&config, classes, 5, shares);
	config.total_bandwidth_bps = 1000000;
	config.tenants = tenants;
	config.n_tenants = 1;
	CHECK_INT(qos_grants_init(&g, &config, asked ? &o : NULL, fields, &err), 0);
}

static void data_is_data(void)
{
	char scratch[64];

	open_grants(false);
	CHECK(!serve("allocate", "1kbit", "a", "", 0));
	CHECK(!fields->wanted[QOS_F_OP]);
	open_grants(true);
	CHECK(fields->wanted[QOS_F_OP] && fields->wanted[QOS_F_RATE] && fields->wanted[QOS_F_TENANT]);
	CHECK(!serve("", "1kbit", "a", "", 0));
	CHECK_INT(qos_grants_text(&g, QOS_F_REASON, scratch).n, 0);
}

static void answers(void)
{
	open_grants(true);
	CHECK(serve("allocate", "200kbit", "a", "", 0));
	CHECK_TEXT(seen, "200000 0 full ");
	serve("allocate", "900kbit", "b", "acme", 0);
	CHECK_TEXT(seen, "100000 0 tenant ");
	serve("allocate", "900kbit", "c", "other", 0);
	CHECK_TEXT(seen, "350000 0 link ");
	serve("allocate", "", "d", "", 0);
	CHECK_TEXT(seen, "0 0 rate ");
	serve("update", "often", "a", "", 0);
	CHECK_TEXT(seen, "0 0 rate ");
	serve("update", "", "d", "", 0);
	CHECK_TEXT(seen, "0 0 unknown ");
	qos_grants_use(&g, qos_allocator_find(g.allocator, 0, qos_str("a")), 12500, S / 2);
	serve("release", "", "a", "", S);
	CHECK_TEXT(seen, "200000 0.5 released ");
	serve("Allocate", "1kbit", "a", "", S);
	CHECK_TEXT(seen, "0 0 op ");
	/* longer than any operation or rate: not read */
	serve("allocateallocateallocateallocateallocateallocateallocateallocateallocate", "1kbit", "a", "", S);
	CHECK_TEXT(seen, "0 0 op ");
}

static void guarantees_follow(void)
{
	const struct qos_config *now;

	open_grants(true);
	serve("allocate", "350kbit", "a", "", 0);
	now = qos_grants_config(&g, &config);
	CHECK_INT(now->classes[0].rate_bps, 350000);
	CHECK_INT(now->classes[4].rate_bps, 25000);
	CHECK_INT(now->classes[3].rate_bps, 125000);
	CHECK_INT(config.classes[0].rate_bps, QOS_DEFAULT);
	CHECK(!qos_grants_expire(&g, S - 1));
	CHECK(qos_grants_expire(&g, S));
	CHECK_INT(qos_grants_config(&g, &config)->classes[0].rate_bps, 300000);
	config.total_bandwidth_bps = 2000000;
	qos_grants_change(&g, &config);
	CHECK_INT(qos_grants_config(&g, &config)->classes[0].rate_bps, 600000);
}

int main(void)
{
	struct qos_err err;

	CHECK_INT(qos_fields_new(&fields, &err), 0);
	RUN("a record without an operation is data, and so is all unless it was asked for", data_is_data);
	RUN("requests are answered with rate, utilisation and reason", answers);
	RUN("guarantees follow promises, expiry and changes", guarantees_follow);
	qos_grants_free(&g);
	qos_fields_free(fields);
	return DONE();
}
