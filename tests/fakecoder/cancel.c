/* cancel.c - PATCH /workspacebuilds/{id}/cancel. */

#include <string.h>

#include "server.h"

/* Owner's right, unless the template allows it to everybody: coderd/workspacebuilds.go, patchCancelWorkspaceBuild. */
static bool
may_cancel(struct req *r, const struct build *b, const char *expect)
{
	static const char failed[] = "Internal error updating provisioner job.";
	bool              owner = r->caller->role == OWNER;

	if (owner || jx_true(b->ws->template->obj, "allow_user_cancel_workspace_jobs")) {
		if (may_act(r->caller, b->ws, WS_UPDATE))
			return true;
		reply_message(r, 500, failed, "unauthorized: rbac: forbidden");
	} else if (strcmp(expect, "pending") == 0) {
		reply_message(r, 500, failed, "only owners can cancel workspace builds");
	} else {
		reply_message(r, 403, "User is not allowed to cancel workspace builds. Owner role is required.", NULL);
	}
	return false;
}

void
cancel_build(struct server *s, struct req *r)
{
	const char   *id = req_uuid(r, 0), *expect = req_param(r, "expect_status");
	struct build *ours = NULL, *b = id != NULL ? world_find_build(&s->world, id, &ours) : NULL;
	char          text[256];

	if (expect == NULL)
		expect = "";
	if (id == NULL) {
		return;
	} else if (b == NULL || !may_open(r->caller, b->ws)) {
		reply_not_found(r);
	} else if (expect[0] != '\0' && strcmp(expect, "pending") != 0 && strcmp(expect, "running") != 0) {
		snprintf(text, sizeof(text), "Invalid expect_status \"%.100s\". Only 'running' or 'pending' are allowed.", expect);
		reply_message(r, 400, text, NULL);
	} else if (!may_cancel(r, b, expect)) {
		/* answered */
	} else if (!build_active(b)) {
		reply_message(r, 400, "Job has already completed!", NULL);
	} else if (b->job == CANCELING) {
		reply_message(r, 400, "Job has already been marked as canceled!", NULL);
	} else if (expect[0] != '\0' && strcmp(expect, job_word(b->job)) != 0) {
		reply_message(r, 412, "Job is not in the expected state.", NULL);
	} else {
		build_cancel(&s->world, b);
		r->processed = true;
		reply_message(r, 200, "Job has been marked as canceled...", NULL);
	}
	build_free(ours);
}
