/* libcyaml reads what the tables say. */
#include "config/schema.h"

#include "tests/unit/test.h"

static void loads(void)
{
	static const char yaml[] = "{classes: [{name: a, share: '0.5'}], router: {discipline: fifo}, "
				   "bandwidth: {burst: '1500'}, schema: {x: y}}";
	cyaml_config_t config = { .log_level = CYAML_LOG_ERROR, .log_fn = cyaml_log, .mem_fn = cyaml_mem };
	struct qos_raw *raw = NULL;

	CHECK_INT(cyaml_load_data((const uint8_t *)yaml, sizeof(yaml) - 1, &config, &qos_config_schema,
				  (cyaml_data_t **)&raw, NULL),
		  CYAML_OK);
	CHECK_INT(raw->classes_count, 1);
	CHECK_TEXT(raw->classes[0].name, "a");
	CHECK_TEXT(raw->classes[0].share, "0.5");
	CHECK(raw->classes[0].rate == NULL);
	CHECK_TEXT(raw->router.discipline, "fifo");
	CHECK_TEXT(raw->bandwidth.burst, "1500");
	CHECK(raw->classifier.default_class == NULL);
	CHECK_INT(cyaml_free(&config, &qos_config_schema, raw, 0), CYAML_OK);
}

int main(void)
{
	RUN("every section lands in its member, what is absent is NULL", loads);
	return DONE();
}
