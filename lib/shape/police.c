/* Policing: the class's meter, then the link's. */
#include "shape/police.h"

static int read_meter(struct qos_police *p, struct qos_police_meter *m, struct qos_str text, struct qos_err *err)
{
	int rc = qos_meter_read(&m->use, text, &p->arena, err);

	if (!rc && m->use.meter) {
		p->on = true;
		p->aware = p->aware || m->use.params->aware;
	}
	return rc;
}

int qos_police_init(struct qos_police *p, const struct qos_config *config, struct qos_err *err)
{
	struct qos_err why;
	int rc;

	*p = (struct qos_police){ 0 };
	if ((rc = read_meter(p, &p->link, config->police, &why)))
		rc = qos_fail(err, (enum qos_code)rc, QOS_NOWHERE, "police: %s", why.text);
	for (int i = 0; !rc && i < config->n_classes; i++) {
		const struct qos_class_config *k = &config->classes[i];

		if ((rc = read_meter(p, &p->class[i], k -> police, &why)))
			rc = qos_fail(err, (enum qos_code)rc, k->at, "class %.*s: police: %s", QOS_STR_ARG(k->name),
				      why.text);
	}
	if (rc)
		qos_police_free(p);
	return rc;
}

void qos_police_free(struct qos_police *p)
{
	qos_arena_free(&p->arena);
}

/* Returns  false when this meter drops it. */
static bool color(struct qos_police_meter *m, struct qos_record *r, int64_t now_ns)
{
	enum qos_color was = r->color ? (enum qos_color)(r->color - 1) : QOS_GREEN, is;

	is = qos_meter_color(&m->use, r->size_bytes, was, now_ns);
	m->n[is]++;
	m->bytes[is] += (uint64_t)r->size_bytes;
	r->color = (uint8_t)(is + 1);
	return is != QOS_RED || !m->use.params->drop;
}

bool qos_police_passes(struct qos_police *p, struct qos_record *r, int64_t now_ns)
{
	struct qos_police_meter *class = &p->class[r->class];
	uint8_t worst = 0;

	if (class->use.meter) {
		if (!color(class, r, now_ns))
			return false;
		worst = r->color;
	}
	if (p->link.use.meter && !color(&p->link, r, now_ns))
		return false;
	if (r->color < worst)
		r->color = worst;
	return true;
}
