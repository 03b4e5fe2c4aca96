/* engine/exec_transact.c - the doors of transactions: all members are prepared against the state
 * before, then all are applied, or none and the reasons are told. */
#include "engine/exec.h"

#include "base/arena.h"
#include "engine/authorize.h"
#include "engine/cancellation.h"
#include "engine/capacity.h"
#include "engine/hold.h"
#include "engine/replay.h"
#include "engine/session.h"
#include "engine/writing.h"
#include "item/size.h"

/* spec: the items of a transaction together */
static const size_t transaction_bytes_max = (size_t)4 << 20;

/* One writing transaction on its way. */
struct transaction {
    struct request *req;
    const struct transact_write_plan *plan;
    struct transact_write_result *result;
    struct token token;
    struct writing *writings; /* one a member */
};

static struct error *too_large(struct arena *arena)
{
    return fail(arena, ERR_VALIDATION,
                "Collection size of items exceeded, which can also be caused by the aggregate size "
                "of the items in the transaction exceeding the 4MB limit");
}

static struct error *conflict(struct arena *arena)
{
    return fail(arena, ERR_TRANSACTION_CONFLICT, "Transaction is ongoing for the item.");
}

static struct error *in_progress(struct arena *arena)
{
    return fail(arena, ERR_TRANSACTION_IN_PROGRESS,
                "The transaction with the given request token is already in progress.");
}

/* What a member brings along or leaves behind; a check and a delete only name their item. */
static size_t bytes_of(const struct writing *w)
{
    switch (w->plan->kind) {
    case WRITE_PUT:
    case WRITE_UPDATE: return w->new_bytes;
    case WRITE_DELETE:
    case WRITE_CHECK: return item_bytes(w->plan->key_attributes);
    }
    return 0;
}

static struct error *prepare_member(struct transaction *t, size_t at)
{
    const struct transact_write *member = &t->plan->members[at];
    struct session *session = t->req->session;
    struct writing *w = &t->writings[at];

    *w = (struct writing){ .req = t->req,
                           .session = session,
                           .plan = &member->plan,
                           .result = &t->result->members[at],
                           .earlier = t->writings,
                           .earlier_count = at };
    if (member->refusal)
        return member->refusal;
    if (holds_have_key(&session->engine->holds, member->plan.table->space, member->plan.key,
                       t->req->resumed))
        return conflict(t->req->arena);
    return writing_prepare(w);
}

static struct error *prepare(struct transaction *t)
{
    struct arena *arena = t->req->arena;
    struct error **refusals = NEW(arena, struct error *, t->plan->count);
    size_t bytes = 0;

    t->writings = NEW(arena, struct writing, t->plan->count);
    for (size_t i = 0; i < t->plan->count; i++) {
        refusals[i] = prepare_member(t, i);
        if (refusals[i] && !cancellation_has_reason(refusals[i]))
            return refusals[i];
        bytes += refusals[i] ? 0 : bytes_of(&t->writings[i]);
    }
    if (bytes > transaction_bytes_max)
        return too_large(arena);
    return cancellation_make(arena, refusals, t->plan->count);
}

static struct error *apply(struct transaction *t)
{
    uint64_t *bytes = NEW(t->req->arena, uint64_t, t->plan->count);

    for (size_t i = 0; i < t->plan->count; i++) {
        const struct writing *w = &t->writings[i];

        bytes[i] = w->old_bytes > w->new_bytes ? w->old_bytes : w->new_bytes;
        TRY(writing_apply(&t->writings[i]));
    }
    if (t->token.key.data == NULL)
        return NULL;
    return replay_record(t->req, &t->token, t->plan->count, bytes);
}

/* spec: the answer to a replay is a success that reports reads, and nothing is written */
static struct error *look_for_replay(struct transaction *t)
{
    struct request *req = t->req;
    const uint64_t *bytes = NULL;
    bool is_same = false;

    if (t->token.key.data == NULL)
        return NULL;
    if (holds_have_token(&req->session->engine->holds, &t->token, req->resumed, &is_same))
        return is_same ? in_progress(req->arena) : replay_mismatch(req->arena);
    TRY(replay_find(req, &t->token, t->plan->count, &bytes));
    if (bytes == NULL)
        return NULL;
    t->result->half_rcus = NEW(req->arena, uint64_t, t->plan->count);
    for (size_t i = 0; i < t->plan->count; i++)
        t->result->half_rcus[i] = capacity_half_rcus(bytes[i], true);
    return NULL;
}

static bool is_to_be_held(const struct request *req)
{
    return req->can_be_held && req->resumed == NULL &&
           engine_transaction_hold_ms(req->session->engine) > 0;
}

static struct error *transact(struct transaction *t)
{
    struct request *req = t->req;

    t->token = replay_token(req, t->plan);
    TRY(look_for_replay(t));
    if (t->result->half_rcus)
        return NULL;
    TRY(prepare(t));
    if (!is_to_be_held(req))
        return apply(t);
    req->held = holds_add(&req->session->engine->holds, t->plan, &t->token);
    return in_progress(req->arena);
}

struct error *exec_transact_write(struct request *req, const struct transact_write_plan *plan,
                                  struct transact_write_result *result)
{
    struct transaction t = { .req = req, .plan = plan, .result = result };

    *result = (struct transact_write_result){ 0 };
    result->members = NEW(req->arena, struct write_result, plan->count);
    for (size_t i = 0; i < plan->count; i++)
        TRY(authorize_write(req, &plan->members[i].plan));
    TRY(session_write(req->session));
    return session_settle(req->session, transact(&t));
}

static struct error *read_member(struct request *req, const struct transact_read *member,
                                 struct read_result *result)
{
    *result = (struct read_result){ 0 };
    if (member->refusal)
        return member->refusal;
    if (holds_have_key(&req->session->engine->holds, member->plan.table->space, member->plan.key,
                       NULL))
        return conflict(req->arena);
    return exec_read(req, &member->plan, result);
}

struct error *exec_transact_read(struct request *req, const struct transact_read_plan *plan,
                                 struct read_result *results)
{
    struct error **refusals = NEW(req->arena, struct error *, plan->count);
    size_t bytes = 0;

    for (size_t i = 0; i < plan->count; i++)
        TRY(authorize_read(req, &plan->members[i].plan));
    for (size_t i = 0; i < plan->count; i++) {
        refusals[i] = read_member(req, &plan->members[i], &results[i]);
        if (refusals[i] && !cancellation_has_reason(refusals[i]))
            return refusals[i];
        bytes += results[i].read_bytes;
    }
    if (bytes > transaction_bytes_max)
        return too_large(req->arena);
    return cancellation_make(req->arena, refusals, plan->count);
}
