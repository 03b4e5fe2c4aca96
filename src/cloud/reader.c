/* cloud/reader.c - the store's entries merged with those of the past. */
#include "cloud/reader.h"

static bool is_same(struct span a, struct span b)
{
    return a.data && b.data ? span_equal(a, b) : !a.data && !b.data;
}

/* The entry as the read sees it, when missed is the first write that it doesn't. */
static void show(const struct store_entry *current, const struct lag_record *missed,
                 struct shown *shown)
{
    *shown = (struct shown){ .entry = *current, .current = current->value };
    if (missed == NULL)
        return;
    shown->entry.value = missed->before;
    shown->entry.size = missed->size_before;
    if (!is_same(missed->before, current->value))
        shown->missed = missed;
}

struct error *reader_get(const struct reader *reader, uint32_t space, struct span key,
                         struct shown *shown)
{
    struct store_entry entry = { 0 };

    TRY(store_get(reader->connection, space, key, &entry));
    entry.key = key;
    show(&entry, reader->view ? lag_view_find(reader->view, space, key) : NULL, shown);
    return NULL;
}

struct error *reader_seek(const struct reader *reader, uint32_t space,
                          const struct span_range *range, bool is_backward,
                          struct reader_cursor *cursor)
{
    *cursor = (struct reader_cursor){
        .reader = reader, .space = space, .range = *range, .is_backward = is_backward
    };
    if (reader->view)
        cursor->key = lag_view_seek(reader->view, space, range, is_backward);
    return store_seek(reader->connection, space, range, is_backward, &cursor->stored);
}

/* Below 0: the store's entry comes first, above: the past's key, 0: they are the same. */
static int order(const struct reader_cursor *cursor)
{
    int order;

    if (cursor->key == NULL)
        return -1;
    if (cursor->entry.key.data == NULL)
        return 1;
    order = span_compare(cursor->entry.key, lag_key_bytes(cursor->key));
    return cursor->is_backward ? -order : order;
}

static struct error *next_merged(struct reader_cursor *cursor, struct shown *shown)
{
    const struct lag_view *view = cursor->reader->view;
    struct store_entry gone = { 0 };
    const struct lag_key *key;
    int which;

    do {
        if (!cursor->is_ahead)
            TRY(store_next(cursor->stored, &cursor->entry));
        cursor->is_ahead = true;
        which = order(cursor);
        key = cursor->key;
        if (which >= 0) {
            gone.key = lag_key_bytes(key);
            cursor->key = lag_view_next(key, &cursor->range, cursor->is_backward);
        }
        show(which > 0 ? &gone : &cursor->entry, which >= 0 ? lag_view_pick(view, key) : NULL,
             shown);
        /* what is there neither now nor then is passed over */
    } while (which > 0 && shown->entry.value.data == NULL);
    cursor->is_ahead = which > 0 || cursor->entry.key.data == NULL;
    return NULL;
}

struct error *reader_next(struct reader_cursor *cursor, struct shown *shown)
{
    if (cursor->reader->view)
        return next_merged(cursor, shown);
    shown->missed = NULL;
    return store_next(cursor->stored, &shown->entry);
}

void reader_end(struct reader_cursor *cursor)
{
    store_end(cursor->stored);
}
