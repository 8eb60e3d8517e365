/* exit.h - the exit statuses of every cws program; told to users in cws(7). */

#ifndef CWS_EXIT_H
#define CWS_EXIT_H

enum cws_exit {
	CWS_OK = 0,      /* all handled, including "nothing to do" */
	CWS_PARTIAL = 1, /* reached the end; some records were bad or some actions failed */
	CWS_USAGE = 2,   /* wrong call or setting; nothing was read or sent */
	CWS_FAIL = 3,    /* could not go on: input, output, network, refused login, memory */
	CWS_REFUSED = 4, /* a safety rule refused the run; nothing was sent */
};

#endif
