/* fifo: order of arrival over all classes. */
#include "tests/unit/discipline/serve.h"

static void order(void)
{
	static const int rank[] = { 4, 0, 2, 2, 1, 0 };
	struct qos_record r[6];
	struct serve s;

	serve_open(&s, &qos_discipline_fifo, 5, (double[5]){ 0.3, 0.25, 0.25, 0.15, 0.05 },
		   (int64_t[5]){ 1, 1, 1, 1, 1 });
	for (int i = 0; i < 6; i++)
		serve_push(&s, &r[i], rank[i], 0, 1);
	for (int i = 0; i < 6; i++)
		CHECK(serve_next(&s) == &r[i]);
	serve_close(&s);
}

int main(void)
{
	RUN("fifo serves in the order of the input, whatever the class", order);
	return DONE();
}
