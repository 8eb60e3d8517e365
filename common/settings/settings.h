/*
 * settings.h - the one table of all settings a file may have, whichever program reads them.
 *
 * A setting stands for an option: the file's value is written as the command
 * line would write it and given to that option.  What is behind the option
 * (its target) follows from the setting's type.
 * Source: cws(7), SETTINGS FILE.
 */

#ifndef CWS_SETTINGS_H
#define CWS_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a setting is in the file; behind it, the target of its option. */
enum setting_kind {
	T_FLAG,       /* bool */
	T_START,      /* int, minutes after midnight */
	T_END,        /* the same; 24:00 too */
	T_DAYS,       /* uint8_t, as in sched.h */
	T_WINDOWS,    /* struct sched */
	T_ZONE,       /* const char * */
	T_TEXT,       /* const char *, NULL for none */
	T_SPAN,       /* int64_t, seconds */
	T_HOURS,      /* int64_t, seconds; in the file a number of hours */
	T_COUNT,      /* int64_t */
	T_RATE,       /* int64_t, microseconds between two, 0: no limit; in the file a number a minute */
	T_NAMES,      /* struct cli_list */
	T_WORKSPACES, /* struct cli_list; owner/name too */
	T_KINDS
};

/* The words behind "expected", and those for an element of a list (NULL: it is no list). */
extern const struct setting_words {
	const char *whole, *element;
} setting_type[T_KINDS];

/* The programs that read settings, and the section whose "enabled" switches each off (NULL: nothing does). */
struct reader {
	const char *prog, *section;
	unsigned    bit;
};

struct setting {
	const char       *path; /* "quiet_hours.start_time"; one without a dot is no section's */
	enum setting_kind type;
	unsigned          read_by; /* bits of struct reader */
	const char       *option;  /* the long name; NULL for "enabled" */
	int64_t           min, max; /* of numbers, and of spans those of the option: every program refuses the same */
};

#define SETTINGS 32
extern const struct setting settings[SETTINGS]; /* those of one section stand together */

/* setting_reader - the program of this name, NULL when it reads no settings. */
const struct reader *
setting_reader(const char *prog);

/* setting_is_list - is its value a list?  setting_is_window - does it say a window, or a part of one? */
bool
setting_is_list(const struct setting *s);
bool
setting_is_window(const struct setting *s);

/* setting_section - is there a section of this name? */
bool
setting_section(const char *name);

/*
 * setting_of_agents - did this key mean something to the older Python agents
 * only?  A section of theirs stands for all that is in it.
 */
bool
setting_of_agents(const char *path);

#endif
