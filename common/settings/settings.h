/*
 * settings.h - the one table of all settings a file may have, whichever program reads them.
 *
 * A setting stands for an option: the file's value is written as the command
 * line would write it and given to that option.  What is behind the option
 * (its target) follows from the setting's type.
 * Source: cws-config(5).
 */

#ifndef CWS_SETTINGS_H
#define CWS_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a setting is in the file; behind it, the target of its option. */
enum setting_kind {
	T_FLAG,    /* bool */
	T_START,   /* int, minutes after midnight */
	T_END,     /* the same; 24:00 too */
	T_DAYS,    /* uint8_t, as in sched.h */
	T_WINDOWS, /* struct sched */
	T_ZONE,    /* const char * */
	T_TEXT,    /* const char *, NULL for none */
	T_SPAN,    /* int64_t, seconds */
	T_HOURS,   /* int64_t, seconds; in the file a number of hours */
	T_COUNT,   /* int64_t */
	/* int64_t, microseconds between two, 0: no limit; in the file a number a minute */
	T_RATE,
	T_NAMES,      /* struct cli_list */
	T_WORKSPACES, /* struct cli_list; owner/name too */
	T_FILES,      /* of a script: it has no target */
	T_WORDS,      /* the same: arguments for another program */
	T_KINDS
};

/* The words behind "expected", and those for an element of a list (NULL: it is no list). */
extern const struct setting_words {
	const char *whole, *element;
} setting_type[T_KINDS];

/*
 * The programs that read settings, and the section whose "enabled" switches each off (NULL: nothing
 * does).
 */
struct reader {
	const char *prog, *section;
	unsigned    bit;
};

struct setting {
	const char       *path; /* "quiet_hours.start_time"; one without a dot is no section's */
	enum setting_kind type;
	unsigned          read_by; /* bits of struct reader */
	const char       *option;  /* the long name; NULL for "enabled" and those of a script */
	/* of numbers, and of spans those of the option: every program refuses the same */
	int64_t           min, max;
	/* the long name of a flag without which it has no meaning; NULL: always */
	const char       *only_with;
};

#define SETTINGS 55
/* Those of one section stand together; of two for one value, the first that the file has holds. */
extern const struct setting settings[SETTINGS];

/* setting_reader - the program of this name, NULL when it reads no settings. */
const struct reader *
setting_reader(const char *prog);

/*
 * setting_is_list - is its value a list?  setting_is_window - does it say a window, or a part of
 * one?
 */
bool
setting_is_list(const struct setting *s);
bool
setting_is_window(const struct setting *s);

/*
 * setting_of_script - is it one that cws-sweep reads from cws-fetch --show-config?  It stands for
 * no option of a program, and is shown as the file has it.
 */
bool
setting_of_script(const struct setting *s);

/* setting_section - is there a section of this name, with settings of ours, of others or both? */
bool
setting_section(const char *name);

/* setting_section_ours - has it settings with a meaning? */
bool
setting_section_ours(const char *name);

/*
 * setting_of_others - is this a key of the older Python agents, or of a program that does not read
 * it yet?  A closed list: what is not in it was misspelt by somebody.
 */
bool
setting_of_others(const char *path);

/*
 * setting_nearest - the known key most like this path, else the only one of its name in another
 * section; NULL when there is none.
 */
const char *
setting_nearest(const char *path);

/*
 * setting_is_veto_like - may somebody who wrote this unknown key rely on it to keep a workspace
 * from
 * being stopped?  It stands under safety, begins with exclu, or is one edit from an excluded_* key.
 */
bool
setting_is_veto_like(const char *path);

#endif
