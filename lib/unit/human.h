/* Quantities back to text for people: short, with a unit, three significant digits. */
#ifndef QOS_UNIT_HUMAN_H
#define QOS_UNIT_HUMAN_H

#include <stddef.h>
#include <stdint.h>

#define QOS_HUMAN_BYTES 24

/* "12.3ms", "5s", "250us", "0"; seconds as a double may be NaN ("-").  Each writes a C string and gives its length. */
size_t qos_human_duration(char *p, double seconds);
/* "1.5KiB", "10B", "64MiB" */
size_t qos_human_size(char *p, double bytes);
/* "1.5Gbit/s", "300Mbit/s" */
size_t qos_human_bitrate(char *p, double bps);
/* Exact texts that the parsers of unit.h read back to the same value: "10ms", "64KiB", "1gbit"; for --dump-config. */
size_t qos_exact_duration(char *p, int64_t ns);
size_t qos_exact_size(char *p, int64_t bytes);
size_t qos_exact_bitrate(char *p, int64_t bps);

#endif
