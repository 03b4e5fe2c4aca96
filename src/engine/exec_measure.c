/* engine/exec_measure.c - how many items and bytes a table or an index holds. */
#include "engine/exec.h"
#include "engine/session.h"

struct error *exec_measure(struct request *req, const struct table *table,
                           const struct index *index, uint64_t *items, uint64_t *bytes)
{
    const struct span_range all = { { 0 }, { 0 } };
    struct session *session = req->session;
    uint32_t space = index ? index->space : table->space;
    const struct tally_row *known;

    if (!session_is_alone(session, session->tally.alone_since))
        tally_forget(&session->tally);
    known = tally_find(&session->tally, space);
    if (known) {
        *items = (uint64_t)known->items;
        *bytes = (uint64_t)known->bytes;
        return NULL;
    }
    TRY(session_read(session));
    TRY(session_settle(session, store_measure(session->connection, space, &all, items, bytes)));
    if (session_is_alone(session, session->alone_since)) {
        session->tally.alone_since = session->alone_since;
        tally_set(&session->tally, space, (int64_t)*items, (int64_t)*bytes);
    }
    return NULL;
}
