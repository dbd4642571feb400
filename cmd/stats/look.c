/* Where the report will be looked at. */
#include "stats/look.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool locale_is_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool utf8 = locale && strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;

	if (locale)
		freelocale(locale);
	return utf8;
}

/* Of the terminal; 0 when there is none, or it does not tell. */
static int columns(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* A word as a shell reads it back. */
static void add_quoted(struct qos_buf *b, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%^";

	if (*word && strspn(word, plain) == strlen(word)) {
		qos_buf_puts(b, word);
		return;
	}
	qos_buf_puts(b, "'");
	for (; *word; word++)
		if (*word == '\'')
			qos_buf_puts(b, "'\\''");
		else
			qos_buf_add(b, word, 1);
	qos_buf_puts(b, "'");
}

struct qos_look stats_look(const struct cli *cli, int fd, bool ascii, struct qos_buf *made_by)
{
	const char *no_color = getenv("NO_COLOR");
	bool terminal = isatty(fd);
	struct qos_look look = { .color = terminal && !(no_color && *no_color),
				 .utf8 = !ascii && locale_is_utf8(),
				 .columns = terminal ? columns(fd) : 0 };
	size_t n;

	made_by->n = 0;
	qos_buf_puts(made_by, cli->program->name);
	for (int i = 1; i < cli->n_args; i++) {
		qos_buf_puts(made_by, " ");
		add_quoted(made_by, cli->args[i]);
	}
	n = made_by->n;
	qos_config_dump(cli->config, made_by);
	look.command = (struct qos_str){ made_by->p, n };
	look.config = (struct qos_str){ made_by->p + n, made_by->n - n };
	return look;
}
