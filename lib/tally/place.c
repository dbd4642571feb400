/* Where is it counted?  Groups, and the numbers of names; what is beyond their limits shares one. */
#include "tally/counts.h"

#include <stdlib.h>

int qos_tally_number(struct qos_names *names, struct qos_str name, uint32_t most)
{
	int i = names->n < most ? qos_names_add(names, name) : qos_names_find(names, name);

	return i >= 0 ? i : qos_names_add(names, QOS_STR("(other)"));
}

int qos_tally_reason(struct qos_tally *t, struct qos_str reason)
{
	int i = t->reasons.n < QOS_TALLY_REASONS - 1 ? qos_names_add(&t->reasons, reason)
						     : qos_names_find(&t->reasons, reason);

	return i >= 0 ? i : qos_names_add(&t->reasons, QOS_STR("other"));
}

/* The key of what is beyond QOS_TALLY_GROUPS: each value is (other). */
static struct qos_str other_groups(const struct qos_tally *t, char *key)
{
	size_t n = 0;

	for (int i = 0; i < t->options.n_by; i++) {
		if (i)
			key[n++] = 0x1f;
		memcpy(key + n, "(other)", 7);
		n += 7;
	}
	return (struct qos_str){ key, n };
}

int qos_tally_key(struct qos_tally *t, struct qos_str key)
{
	char others[QOS_TALLY_KEY_BYTES];
	int found;

	if (t->keys.n < QOS_TALLY_GROUPS)
		return qos_names_add(&t->keys, key);
	found = qos_names_find(&t->keys, key);
	return found >= 0 ? found : qos_names_add(&t->keys, other_groups(t, others));
}

struct qos_tally_group *qos_tally_group_at(struct qos_tally_groups *g, int i)
{
	if (i >= g->room) {
		int room = i < 64 ? 64 : 2 * i;
		struct qos_tally_group **group = realloc(g->group, (size_t)room * sizeof(*group));

		if (!group)
			return NULL;
		memset(group + g->room, 0, (size_t)(room - g->room) * sizeof(*group));
		g->group = group;
		g->room = room;
	}
	if (i >= g->n)
		g->n = i + 1;
	if (!g->group[i])
		g->group[i] = calloc(1, sizeof(**g->group));
	return g->group[i];
}

/* Is an objective about this group?  With --by a group's name has slashes between its values. */
static bool is_about(const struct qos_tally *t, const struct qos_slo *slo, int i)
{
	struct qos_str name = t->options.n_by ? t->keys.name[i] : t->config->classes[i].name;

	if (qos_str_is(slo->group, "all"))
		return true;
	if (name.n != slo->group.n)
		return false;
	for (size_t k = 0; k < name.n; k++)
		if ((name.p[k] == 0x1f ? '/' : name.p[k]) != slo->group.p[k])
			return false;
	return true;
}

struct qos_tally_group *qos_tally_group_of(struct qos_tally *t, int i)
{
	struct qos_tally_group *g = i < t->groups.n ? t->groups.group[i] : NULL;

	if (g)
		return g;
	if (!(g = qos_tally_group_at(&t->groups, i)))
		return NULL;
	for (int k = 0; k < t->options.n_slos; k++)
		g->slos |= (uint32_t)is_about(t, &t->options.slo[k], i) << k;
	g->series = t->n_followed < QOS_TALLY_FOLLOWED ? qos_timeline_add(&t->timeline) : t->rest;
	t->n_followed++;
	return g;
}
