/* engine/counter.c - counters stand in the entry's size; the value is there for people who look
 * into the file. */
#include "engine/counter.h"

#include "engine/session.h"

struct error *counter_read(struct session *session, struct span key, int64_t *counter)
{
    struct store_entry entry = { 0 };

    TRY(store_get(session->connection, SPACE_META, key, &entry));
    *counter = entry.value.data ? entry.size : 0;
    return NULL;
}

struct error *counter_write(struct session *session, struct span key, int64_t counter)
{
    const struct store_entry entry = { key, SPAN("counter"), counter };

    return store_put(session->connection, SPACE_META, &entry);
}
