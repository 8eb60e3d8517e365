/*
 * http_end.h - how a request ended, apart from what the server said.
 *
 * Here, because the decisions after it (judge/outcome.h) know no network.
 */

#ifndef CWS_HTTP_END_H
#define CWS_HTTP_END_H

enum http_end {
	HTTP_ANSWERED, /* a whole reply; status is set */
	HTTP_UNSENT,   /* no byte of the request left this machine */
	HTTP_UNCLEAR,  /* sent, but no whole reply: the server may have acted */
	/*
	 * will not get better: certificate, CA file, protocol, memory; a POST or PUT was not
	 * sent
	 */
	HTTP_FATAL,
	HTTP_TOO_BIG, /* the body passed its ceiling (the server has acted) */
};

#endif
