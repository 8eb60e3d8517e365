/*
 * page.h - the style sheet and the script of the HTML report, as scripts/embed puts
 * page.css and page.js into the program, and what a Content-Security-Policy
 * calls them: "sha256-...=".  The hash is of these bytes, so between the tags of the
 * page stands nothing else, not even a newline.
 */

#ifndef CWS_PAGE_H
#define CWS_PAGE_H

#include <stddef.h>

extern const unsigned char page_style[], page_script[];
extern const size_t        page_style_size, page_script_size;
extern const char          page_style_hash[], page_script_hash[];

#endif
