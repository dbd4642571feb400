/* Telling csv and tsv from other texts. */
#include "format/csv.h"

#include "tests/unit/test.h"

static void test_detect(void)
{
	char why[160];

	CHECK(qos_csv_detect(QOS_STR("ts,size\n1,2\n3,4\n"), ',', why) >= 90);
	CHECK_TEXT(why, "2 columns, a header with a known field, 2 of 2 rows have as many");
	CHECK(qos_csv_detect(QOS_STR("when,what\n1,2\n"), ',', why) >= 50);
	CHECK(qos_csv_detect(QOS_STR("size\n1\n2\n"), ',', why) >= 30);
	CHECK(qos_csv_detect(QOS_STR("words\nand words\n"), ',', why) < 30);
	CHECK(qos_csv_detect(QOS_STR("{\"ts\":1,\"size\":2}\n{\"ts\":1,\"size\":2}\n"), ',', why) < 30);
	CHECK(qos_csv_detect(QOS_STR("1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 5\n"), ',', why) <
	      30);
	CHECK(qos_csv_detect(QOS_STR("ts,size"), ',', why) >= 80);
	CHECK(qos_csv_detect(QOS_STR("Time (s),Value [ms]\n1,2\n"), ',', why) >= 50);
	CHECK_INT(qos_csv_detect(QOS_STR("\"open"), ',', why), 0);
	CHECK(qos_csv_detect(QOS_STR("ts\tsize\n1,5\t2\n"), '\t', why) >= 90);
	CHECK(qos_csv_detect(QOS_STR("ts\tsize\n1,5\t2\n"), ',', why) < 30);
	CHECK(qos_csv_detect(QOS_STR("ts,size\n1,2\n"), '\t', why) < 60);
}

int main(void)
{
	RUN("csv is told by its header and its commas", test_detect);
	return DONE();
}
