/* Texts to numbers: every wrong value with its place. */
#include "config/values.h"

#include "tests/unit/config/with.h"

static void right(void)
{
	struct qos_config *c;

	CHECK_INT(
		load_text(
			&c,
			"classes:\n  - {name: a, share: 25%, rate: 10mbit, ceil: 1gbit, burst: 64KiB, cburst: 2000, "
			"queue_limit: 5k, prio: 3, quantum: 1500, latency_target: 20ms}\n  - {name: b, priority: 7}\n"
			"rules:\n  - {name: r, when: 'a == 1', class: b, weight: 2.5, priority: 3, enabled: no}\n"
			"adapters:\n  - {name: d, uri: 'sim:?rate=500/s&concurrency=4', latency: 2ms}\n"
			"bandwidth: {total_bandwidth: 2gbit, burst: 3000, burst_multiplier: 1.5}\n"
			"tests:\n  - {record: {a: 1, b: {c: '007'}, d: [true, -2.5, x]}, class: a, by: default}\n"
			"classifier: {enable_patterns: false, pattern_threshold: 0.9}\n"
			"router: {max_queue_size: 7, max_queued: 9, max_queued_bytes: 1KiB, discipline: edf, "
			"outlier_errors: 7, outlier_latency: 2.5, ejection_time: 1s, slow_start: 0s, adaptive_routing: no, "
			"metrics_interval: 250ms, shed: always, shed_window: 2s, "
			"strategy: p2c, load_balancing: no, processing_interval: 5ms}\n"
			"services: {mail: [d]}\nschema: {ts: when}\n",
			NULL, 0),
		0);
	CHECK_INT(c->n_classes, 2);
	CHECK(c->classes[0].share == 0.25);
	CHECK_INT(c->classes[0].rate_bps, 10000000);
	CHECK_INT(c->classes[0].burst_bytes, 65536);
	CHECK_INT(c->classes[0].queue_limit, 5000);
	CHECK_INT(c->classes[0].shape_prio, 3);
	CHECK_INT(c->classes[0].latency_target_ns, 20000000);
	CHECK_INT(c->classes[1].priority, 7);
	CHECK_INT(c->default_class, 1);
	CHECK(c->rules[0].class == 1 && c->rules[0].weight == 2.5 && c->rules[0].priority == 3 && !c->rules[0].enabled);
	CHECK_INT(c->rules[0].when_at.column, 22);
	CHECK(c->adapters[0].rate_num == 1 && c->adapters[0].rate_den == 2000000 && c->adapters[0].concurrency == 4);
	CHECK(qos_str_is(c->adapters[0].latency, "2ms"));
	CHECK_INT(c->total_bandwidth_bps, 2000000000);
	CHECK_INT(c->link_burst_bytes, 3000);
	CHECK(c->n_tests == 1 && c->tests[0].class == 0 && qos_str_is(c->tests[0].by, "default"));
	CHECK_TEXT(c->tests[0].record.p, "{\"a\":1,\"b\":{\"c\":\"007\"},\"d\":[true,-2.5,\"x\"]}");
	CHECK(!c->enable_patterns && c->pattern_threshold == 0.9);
	CHECK_INT(c->max_queue_size, 7);
	CHECK(c->shed == QOS_SHED_ALWAYS && c->shed_window_ns == 2000000000 && c->classes[0].shed == QOS_DEFAULT);
	CHECK(c->max_queued == 9 && c->max_queued_bytes == 1024);
	CHECK_INT(c->metrics_interval_ns, 250000000);
	CHECK(c->outlier_errors == 7 && c->outlier_latency == 2.5 && c->ejection_time_ns == 1000000000);
	CHECK(c->slow_start_ns == 0 && !c->adaptive_routing);
	CHECK(qos_str_is(c->strategy, "p2c") && !c->load_balancing && c->processing_interval_ns == 5000000);
	CHECK(qos_str_is(c->adapters[0].services, "mail") && c->adapters[0].weight == 1);
	CHECK(qos_str_is(c->discipline, "edf") && qos_str_is(c->schema_column[0], "when"));
	qos_config_free(c);
}

static void wrong(void)
{
	CHECK(strstr(problems_of("classes:\n  - {name: a, share: 80%}\n  - {name: b, share: 50%}\n"),
		     "t.yaml:3:22: shares add up to 130%; lower one of them to reach 100%\n"));
	CHECK(strstr(problems_of("classes:\n  - {name: a}\n  - {name: a}\n"),
		     "t.yaml:3:5: there are two classes \"a\""));
	CHECK(strstr(problems_of("services: {mail: [x]}\n"), "t.yaml:1:19: services: there is no adapter \"x\""));
	CHECK(strstr(problems_of("services: {mail: x}\n"), "service \"mail\" is a list of adapters"));
	CHECK(strstr(problems_of("router: {outlier_latency: 1}\n"), "is neither 0 nor a number above 1"));
	CHECK(strstr(problems_of("classes: []\n"), "t.yaml:1:10: 0 classes; write 1 to 64"));
	CHECK(strstr(problems_of("rules:\n  - {name: r, when: x, class: critcal}\n"),
		     "t.yaml:2:31: there is no class \"critcal\"; did you mean \"critical\"?"));
	CHECK(strstr(problems_of("rules:\n  - {name: r, class: system}\n"), "rule r has no when"));
	CHECK(strstr(problems_of("classifier: {pattern_threshold: 0}\n"),
		     "t.yaml:1:33: pattern_threshold: is no number above 0"));
	CHECK(strstr(problems_of("router: {max_queue_size: 0}\n"), "t.yaml:1:26: max_queue_size: 0 is out of range"));
	CHECK(strstr(problems_of("router: {max_queued: 0}\n"), "max_queued: 0 is out of range"));
	CHECK(strstr(problems_of("router: {max_queued_bytes: 0}\n"), "max_queued_bytes: 0 is out of range"));
	CHECK(strstr(problems_of("router: {metrics_interval: 0}\n"),
		     "t.yaml:1:28: metrics_interval: 0 is out of range"));
	CHECK(strstr(problems_of("router: {shed: often}\n"), "shed: \"often\" is no time to shed"));
	CHECK(strstr(problems_of("router: {shed_window: 0s}\n"), "shed_window: 0 is out of range"));
	CHECK(strstr(problems_of("bandwidth: {total_bandwidth: fast}\n"),
		     "t.yaml:1:30: total_bandwidth: \"fast\" is no bit rate"));
	CHECK(strstr(problems_of("adapters:\n  - {name: a, uri: 'tpc://x'}\n"), "uri: \"tpc://x\" is no adapter"));
	CHECK(strstr(problems_of("adapters:\n  - {name: a, uri: 'sim:?speed=1'}\n"), "an adapter has no \"speed\""));
}

/* Options stand behind the URI; what is none of ours belongs to it. */
static void adapter_options(void)
{
	struct qos_adapter_config a = { 0 };
	char why[200];

	qos_config_adapter_defaults(&a);
	CHECK(a.at_least_once);
	CHECK_INT(qos_config_adapter(
			  &a, QOS_STR("exec:sort -t, -k1,x=2,buffer=2MiB,delivery=at_most_once,window=1k,stuck=50ms"),
			  why),
		  0);
	CHECK(qos_str_is(a.uri, "exec:sort -t, -k1,x=2"));
	CHECK_INT(a.buffer_bytes, 2 << 20);
	CHECK_INT(a.window_bytes, 1000);
	CHECK_INT(a.stuck_ns, 50000000);
	CHECK(!a.at_least_once);
	CHECK_INT(qos_config_adapter(&a, QOS_STR("null:,delivery=twice"), why), -1);
	CHECK_TEXT(why, "\"twice\" is no delivery; write at_least_once or at_most_once");
}

int main(void)
{
	RUN("values arrive with their units", right);
	RUN("every wrong value is told with its place and what is right", wrong);
	RUN("options of an adapter stand behind its URI", adapter_options);
	return DONE();
}
