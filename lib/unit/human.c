/* Quantities back to text: three significant digits for people, exact texts for the configuration. */
#include "unit/human.h"

#include <math.h>
#include <stdio.h>

/* x with three significant digits and no trailing zeros. */
static size_t three_digits(char *p, double x, const char *unit)
{
	double size = fabs(x);
	int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2, n;

	n = snprintf(p, QOS_HUMAN_BYTES, "%.*f", decimals, x);
	if (decimals)
		while (n > 0 && (p[n - 1] == '0' || p[n - 1] == '.'))
			if (p[--n] == '.')
				break;
	n += snprintf(p + n, (size_t)(QOS_HUMAN_BYTES - n), "%s", unit);
	return (size_t)(n < QOS_HUMAN_BYTES ? n : QOS_HUMAN_BYTES - 1);
}

size_t qos_human_duration(char *p, double seconds)
{
	double size = fabs(seconds);

	if (!isfinite(seconds))
		return (size_t)snprintf(p, QOS_HUMAN_BYTES, "-");
	if (size < 0.5e-9)
		return (size_t)snprintf(p, QOS_HUMAN_BYTES, "0");
	if (size < 0.9995e-6)
		return three_digits(p, seconds * 1e9, "ns");
	if (size < 0.9995e-3)
		return three_digits(p, seconds * 1e6, "us");
	if (size < 0.9995)
		return three_digits(p, seconds * 1e3, "ms");
	if (size < 600)
		return three_digits(p, seconds, "s");
	if (size < 36000)
		return three_digits(p, seconds / 60, "min");
	if (size < 864000)
		return three_digits(p, seconds / 3600, "h");
	return size < 1e12 ? three_digits(p, seconds / 86400, "d")
			   : (size_t)snprintf(p, QOS_HUMAN_BYTES, "%.3gd", seconds / 86400);
}

/* Divides x by step until it is small; names[i] is the unit after i divisions. */
static size_t scaled(char *p, double x, double step, const char *const *names, int n)
{
	int i = 0;

	if (!isfinite(x))
		return (size_t)snprintf(p, QOS_HUMAN_BYTES, "-");
	while (i < n - 1 && fabs(x) >= 0.9995 * step) {
		x /= step;
		i++;
	}
	if (fabs(x) >= 1e12)
		return (size_t)snprintf(p, QOS_HUMAN_BYTES, "%.3g%s", x, names[i]);
	return three_digits(p, x, names[i]);
}

size_t qos_human_size(char *p, double bytes)
{
	static const char *const names[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB" };

	return scaled(p, bytes, 1024, names, 6);
}

size_t qos_human_bitrate(char *p, double bps)
{
	static const char *const names[] = { "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s" };

	return scaled(p, bps, 1000, names, 5);
}

struct step {
	int64_t size;
	const char *name;
};

/* The largest unit that divides x. */
static size_t exact(char *p, int64_t x, const struct step *steps)
{
	for (; steps->size > 1; steps++)
		if (x && x % steps->size == 0)
			break;
	return (size_t)snprintf(p, QOS_HUMAN_BYTES, "%lld%s", (long long)(x / steps->size), steps->name);
}

size_t qos_exact_duration(char *p, int64_t ns)
{
	static const struct step steps[] = { { 86400000000000, "d" },
					     { 3600000000000, "h" },
					     { 60000000000, "min" },
					     { 1000000000, "s" },
					     { 1000000, "ms" },
					     { 1000, "us" },
					     { 1, "ns" } };

	return exact(p, ns, steps);
}

size_t qos_exact_size(char *p, int64_t bytes)
{
	static const struct step steps[] = { { 1 << 30, "GiB" }, { 1 << 20, "MiB" }, { 1 << 10, "KiB" }, { 1, "B" } };

	return exact(p, bytes, steps);
}

size_t qos_exact_bitrate(char *p, int64_t bps)
{
	static const struct step steps[] = {
		{ 1000000000, "gbit" }, { 1000000, "mbit" }, { 1000, "kbit" }, { 1, "bit" }
	};

	return exact(p, bps, steps);
}
