/*
 * Routes a message: three messages arrive at once at a router that serves one after the other.
 *
 *   cc -o route route.c $(pkg-config --cflags --libs qos)
 */
#include <qos.h>
#include <stdio.h>

static void sent(void *config, struct qos_record *r)
{
	const struct qos_config *c = config;

	if (r->drop)
		printf("%-13.*s dropped: %s\n", QOS_STR_ARG(c->classes[r->class].name), qos_drop_name[r->drop]);
	else
		printf("%-13.*s waited %.3f s for %.*s\n", QOS_STR_ARG(c->classes[r->class].name),
		       (double)r->wait_ns / 1e9, QOS_STR_ARG(c->adapters[r->adapter].name));
}

static int fail(const struct qos_err *err)
{
	fprintf(stderr, "route: %s\n", err->text);
	return 1;
}

int main(void)
{
	static const char *const message[][3] = { { "logs_metrics", "metrics", "125kB" },
						  { "data_transfer", "backup", "250kB" },
						  { "critical", "alarm", "12500" } };
	struct qos_err err = { 0 };
	struct qos_config *config;
	struct qos_fields *fields;
	struct qos_router *router;
	struct qos_router_options options = { .keep_drops = true }; /* they come out too, with r->drop */
	struct qos_message *m;
	struct qos_sink out;
	struct qos_stage stage;
	int64_t now_ns = 0, due_ns; /* any clock: the library never asks for the time */

	/* an adapter of one server that moves 1 Mbit/s; a real one has a file, a socket or a command for its URI */
	if (qos_config_load(&config, NULL, NULL, 0, &err) ||
	    qos_config_add_adapter(config, "uplink=sim:?rate=1mbit", &err) || qos_fields_new(&fields, &err) ||
	    qos_router_new(&router, config, &options, fields, &err) ||
	    qos_message_new(&m, fields, &config->class_names, &err))
		return fail(&err);
	stage = qos_router_stage(router);
	out = (struct qos_sink){ sent, config };
	for (int i = 0; i < 3; i++) {
		struct qos_record *r;

		qos_message_begin(m, now_ns);
		qos_message_set(m, "class", qos_str(message[i][0]));
		qos_message_set(m, "stream", qos_str(message[i][1]));
		qos_message_set(m, "size", qos_str(message[i][2]));
		if (!(r = qos_message_record(m, &err)))
			return fail(&err);
		stage.push(stage.self, r, now_ns, &out);
	}
	/* a program that waits for events sleeps until the stage is due; this one jumps there */
	while ((due_ns = stage.due(stage.self)) != QOS_NEVER) {
		now_ns = due_ns > now_ns ? due_ns : now_ns;
		stage.advance(stage.self, now_ns, &out);
	}
	qos_message_free(m);
	qos_router_free(router);
	qos_fields_free(fields);
	qos_config_free(config);
	return 0;
}
