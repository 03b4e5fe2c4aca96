/* cloud/reader.h - entries as a read sees them: the store's, or with a view on the past over it.
 *
 * Without a view each call goes straight to the store. With one, what is shown of each entry is
 * what was there at the moment that the view picks, in key order, so that counts, sizes and the
 * last key of a page are those of the state shown.
 *
 * Ownership: as the store has it; what the view shows lives until the view is closed. */
#pragma once

#include "cloud/lag.h"
#include "store/store.h"

struct reader {
    struct store_connection *connection;
    const struct lag_view *view; /* NULL: none */
};

struct shown {
    struct store_entry entry;        /* value absent: nothing is there, as far as this read knows */
    struct span current;             /* value of the current entry; absent: there is none now */
    const struct lag_record *missed; /* the first write not seen; NULL: what is shown is current */
};

struct reader_cursor {
    const struct reader *reader;
    struct store_cursor *stored;
    uint32_t space;
    struct span_range range; /* borrowed */
    bool is_backward;
    bool is_ahead; /* entry is the store's next one, not yet shown */
    struct store_entry entry;
    const struct lag_key *key;
};

MUST_USE struct error *reader_get(const struct reader *reader, uint32_t space, struct span key,
                                  struct shown *shown);
MUST_USE struct error *reader_seek(const struct reader *reader, uint32_t space,
                                   const struct span_range *range, bool is_backward,
                                   struct reader_cursor *cursor);
/* entry.key is absent at the end. Entries that are hidden come too, without a value. */
MUST_USE struct error *reader_next(struct reader_cursor *cursor, struct shown *shown);
void reader_end(struct reader_cursor *cursor);
