/* engine/exec_write.c - the writing door: one write, all or nothing. */
#include "engine/exec.h"

#include "engine/authorize.h"
#include "engine/hold.h"
#include "engine/session.h"
#include "engine/writing.h"

struct error *exec_begin_write(struct request *req)
{
    return session_write(req->session);
}

static struct error *write_item(struct writing *w)
{
    if (holds_have_key(&w->session->engine->holds, w->plan->table->space, w->plan->key, NULL))
        return fail(w->req->arena, ERR_TRANSACTION_CONFLICT, "Transaction is ongoing for the item");
    TRY(writing_prepare(w));
    return writing_apply(w);
}

struct error *exec_write(struct request *req, const struct write_plan *plan,
                         struct write_result *result)
{
    struct writing w = { .req = req, .session = req->session, .plan = plan, .result = result };

    TRY(authorize_write(req, plan));
    TRY(session_write(req->session));
    return session_settle(req->session, write_item(&w));
}
