/* config_show.h - the settings in force, and where each came from. */

#ifndef CWS_CONFIG_SHOW_H
#define CWS_CONFIG_SHOW_H

#include "base/buf.h"
#include "base/cli.h"
#include "settings/config.h"

/*
 * config_show - append the settings this program reads as one JSON object in
 * the file's own form, each setting as {"value":..,"from":..}: from is
 * "default", "option" or the file's path, of names that add up "option and
 * PATH".  Windows and the parts of one window exclude each other: those in
 * force are told.  A span that is off is null.  Before them "config", the file
 * itself; its from may be "environment" too; then c->also.  What a script reads
 * stands as in the file.
 */
void
config_show(const struct config *c, const struct cli *cli, struct buf *out);

/* config_print - config_show on standard output; returns the status to end with. */
int
config_print(const struct config *c, const struct cli *cli);

#endif
