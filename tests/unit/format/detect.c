#include "format/format.h"

#include "tests/unit/test.h"

static void test_find(void)
{
	CHECK(qos_format_find(QOS_STR("csv")) == &qos_format_csv);
	CHECK(qos_format_find(QOS_STR("jsonl")) == &qos_format_jsonl);
	CHECK(qos_format_find(QOS_STR("pcapng")) == &qos_format_pcapng);
	CHECK(!qos_format_find(QOS_STR("CSV")));
	CHECK(!qos_format_find(QOS_STR("")));
}

static void test_names(void)
{
	for (int i = 0; qos_formats[i]; i++)
		CHECK(qos_format_find(qos_str(qos_formats[i]->name)) == qos_formats[i]);
}

static void test_detect(void)
{
	char why[200];

	CHECK(qos_format_detect(QOS_STR("ts,size,class\n1,2,gold\n3,4,gold\n"), why) == &qos_format_csv);
	CHECK(strncmp(why, "csv (", 5) == 0 && strstr(why, "known field"));
	CHECK(!qos_format_detect(QOS_STR("\x01\x02\x03\n\x04\n"), why));
	CHECK(strncmp(why, "no format fits; nearest is ", 27) == 0);
}

int main(void)
{
	RUN("a format is found by its name", test_find);
	RUN("every format is found by its own name", test_names);
	RUN("the best fit wins with its reason, and a bad fit does not", test_detect);
	return DONE();
}
