/* cli/fleet_fill.c - puts the items of a table's data file into the table that was just made. */
#include "base/arena.h"
#include "base/buffer.h"
#include "cli/fleet_call.h"
#include "cli/interrupt.h"
#include "template/items.h"

enum {
    BATCH_ITEMS_MAX = 25,
    BATCH_BYTES_MAX = 4 << 20, /* the service takes 16 MB */
    BATCHES_AT_ONCE = 8,
    PAUSE_MS = 50,
    PAUSE_MS_MAX = 5000
};

/* {"RequestItems":{"NAME":[{"PutRequest":{"Item":...}},...]}} with as many items as fit. */
static struct span batch_body(struct arena *arena, struct span table,
                              const struct string_list *items, size_t *at)
{
    struct buffer buffer;
    struct span body;
    size_t count = 0;

    buffer_init(&buffer);
    buffer_append_literal(&buffer, "{\"RequestItems\":{");
    buffer_append_json_string(&buffer, table);
    buffer_append_literal(&buffer, ":[");
    while (*at < items->count && count < BATCH_ITEMS_MAX &&
           (count == 0 || buffer.size + items->items[*at].size < BATCH_BYTES_MAX)) {
        if (count++ > 0)
            buffer_append_char(&buffer, ',');
        buffer_append_literal(&buffer, "{\"PutRequest\":{\"Item\":");
        buffer_append_span(&buffer, items->items[(*at)++]);
        buffer_append_literal(&buffer, "}}");
    }
    buffer_append_literal(&buffer, "]}}");
    body = arena_copy(arena, buffer_span(&buffer));
    buffer_fini(&buffer);
    return body;
}

/* What the service left undone, as the next call's body; absent: nothing. */
static struct span unprocessed_body(struct arena *arena, const struct client_call *call)
{
    yyjson_alc allocator = json_allocator(arena);
    yyjson_val *left = yyjson_obj_get(call->answer, "UnprocessedItems");
    char *text;

    if (yyjson_obj_size(left) == 0)
        return (struct span){ 0 };
    text = yyjson_val_write_opts(left, 0, &allocator, NULL, NULL);
    return arena_print(arena, "{\"RequestItems\":%s}", text);
}

/* Sends the calls until the service has taken all of every one of them. */
static struct error *send_batches(struct fleet *fleet, const struct fleet_table *table,
                                  struct client_call *calls, size_t count)
{
    int64_t pause_ms = PAUSE_MS;

    while (count > 0) {
        size_t again = 0;

        client_call(fleet->client, fleet->arena, calls, count);
        for (size_t i = 0; i < count; i++) {
            struct span body;

            if (calls[i].error.data)
                return fleet_refused(fleet, table, &calls[i]);
            body = unprocessed_body(fleet->arena, &calls[i]);
            if (body.data)
                calls[again++] =
                    (struct client_call){ .operation = "BatchWriteItem", .body = body };
        }
        count = again;
        if (count > 0 && !interrupt_pause(pause_ms))
            return fail(fleet->arena, ERR_SERVICE_UNAVAILABLE, "stopped by a signal");
        pause_ms = pause_ms * 2 < PAUSE_MS_MAX ? pause_ms * 2 : PAUSE_MS_MAX;
    }
    return NULL;
}

static struct error *fill_table(struct fleet *fleet, struct fleet_table *table)
{
    struct string_list items;
    size_t at = 0;

    TRY(items_read(fleet->arena, table->data, &items));
    while (at < items.count) {
        struct client_call calls[BATCHES_AT_ONCE] = { 0 };
        size_t count = 0;

        while (at < items.count && count < BATCHES_AT_ONCE)
            calls[count++] =
                (struct client_call){ .operation = "BatchWriteItem",
                                      .body = batch_body(fleet->arena, table->name, &items, &at) };
        TRY(send_batches(fleet, table, calls, count));
    }
    table->item_count = (int64_t)items.count;
    return NULL;
}

struct error *fleet_fill(struct fleet *fleet)
{
    for (size_t i = 0; i < fleet->count; i++) {
        struct fleet_table *table = &fleet->tables[i];

        if (table->data.data && table->state == FLEET_MADE)
            TRY(fill_table(fleet, table));
    }
    return NULL;
}
