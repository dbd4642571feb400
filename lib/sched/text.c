/* Texts of timed stages. */
#include "sched/text.h"

#include "record/color.h"
#include "unit/timestamp.h"

struct qos_str qos_text_wait(const void *self, const struct qos_record *r, char *scratch)
{
	if (r->depart_ns == QOS_UNSET)
		return QOS_STR("");
	return (struct qos_str){ scratch, qos_seconds_write(scratch, r->wait_ns) };
}

struct qos_str qos_text_depart(const void *self, const struct qos_record *r, char *scratch)
{
	if (r->depart_ns == QOS_UNSET)
		return QOS_STR("");
	return (struct qos_str){ scratch, qos_timestamp_write(scratch, r->depart_ns, r->time_form) };
}

struct qos_str qos_text_drop(const void *self, const struct qos_record *r, char *scratch)
{
	return r->drop == QOS_DROP_UPSTREAM ? QOS_STR("") : qos_str(qos_drop_name[r->drop]);
}

struct qos_str qos_text_color(const void *self, const struct qos_record *r, char *scratch)
{
	return r->color ? qos_str(qos_color_name[r->color - 1]) : QOS_STR("");
}
