/* Examples one behind the other in growing arrays. */
#include "classify/replay.h"

#include <stdlib.h>

#define FEATURES_MOST ((size_t)1 << 26)

static int room(void **p, size_t *have, size_t want, size_t bytes)
{
	size_t n = *have ? *have : 1024;
	void *q;

	while (n < want)
		n *= 2;
	if (n == *have)
		return 0;
	if (!(q = realloc(*p, n * bytes)))
		return -1;
	*p = q;
	*have = n;
	return 0;
}

int qos_replay_add(struct qos_replay *r, const struct qos_example *e, int label)
{
	if (r->n_x + (size_t)e->n > FEATURES_MOST ||
	    room((void **)&r->x, &r->x_room, r->n_x + (size_t)e->n, sizeof(*r->x)) ||
	    room((void **)&r->attribute, &r->attribute_room, r->n_attributes + (size_t)e->n_attributes,
		 sizeof(*r->attribute)) ||
	    room((void **)&r->item, &r->room, r->n + 1, sizeof(*r->item)) ||
	    (!r->work && !(r->work = malloc(QOS_FEATURES_MOST * sizeof(*r->work)))))
		return -1;
	r->item[r->n] = (struct qos_replay_item){ .x = r->n_x,
						  .attribute = r->n_attributes,
						  .n = e->n,
						  .n_text = e->n_text,
						  .n_attributes = e->n_attributes,
						  .n_recent = e->n_recent,
						  .label = label };
	memcpy(r->item[r->n++].recent, e->recent, sizeof(e->recent));
	memcpy(r->x + r->n_x, e->x, (size_t)e->n * sizeof(*e->x));
	if (e->n_attributes)
		memcpy(r->attribute + r->n_attributes, e->attribute, (size_t)e->n_attributes * sizeof(*e->attribute));
	r->n_x += (size_t)e->n;
	r->n_attributes += (size_t)e->n_attributes;
	return 0;
}

int qos_replay_get(struct qos_replay *r, size_t i, struct qos_example *e)
{
	const struct qos_replay_item *k = &r->item[i];

	memcpy(r->work, r->x + k->x, (size_t)k->n * sizeof(*r->work));
	*e = (struct qos_example){ .x = r->work,
				   .n = k->n,
				   .n_text = k->n_text,
				   .attribute = r->attribute + k->attribute,
				   .n_attributes = k->n_attributes,
				   .n_recent = k->n_recent };
	memcpy(e->recent, k->recent, sizeof(e->recent));
	return k->label;
}

void qos_replay_free(struct qos_replay *r)
{
	free(r->x);
	free(r->attribute);
	free(r->item);
	free(r->work);
	*r = (struct qos_replay){ 0 };
}
