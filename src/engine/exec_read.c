/* engine/exec_read.c - the reading door: one item by key, or a page of entries in order. */
#include "engine/exec.h"

#include "base/arena.h"
#include "engine/authorize.h"
#include "engine/capacity.h"
#include "engine/session.h"
#include "item/json.h"

#include <assert.h>

/* spec: a page ends with the entry that brings what was read past 1 MB */
enum { PAGE_BYTES_MAX = 1 << 20, FIRST_ITEMS = 16 };

/* A page while it is being read. */
struct page {
    struct request *req;
    struct session *session;
    const struct read_plan *plan;
    struct read_result *result;
    size_t item_capacity;
};

static void page_add(struct page *page, struct span json)
{
    struct item_list *items = &page->result->items;

    if (items->count == page->item_capacity) {
        size_t capacity = items->count ? items->count * 2 : FIRST_ITEMS;

        items->items =
            arena_grow(page->req->arena, items->items, items->count * sizeof(*items->items),
                       capacity * sizeof(*items->items));
        page->item_capacity = capacity;
    }
    items->items[items->count++] = (struct item){ .json = arena_copy(page->req->arena, json) };
}

static struct span project(struct session *session, const struct projection *projection,
                           const struct item *item)
{
    struct item selected = { 0 };

    projection_apply(session->scratch, projection, item, &selected);
    buffer_empty(&session->encoding);
    item_write(&selected, &session->encoding);
    return buffer_span(&session->encoding);
}

/* The table's item that an index entry stands for. */
static struct error *fetch_item(struct page *page, const struct item *entry, struct span *json)
{
    const struct table *table = page->plan->table;
    struct session *session = page->session;
    struct store_entry stored = { 0 };
    struct span key;

    TRY(key_from_item(session->scratch, &table->keys, entry, &key));
    TRY(store_get(session->connection, table->space, key, &stored));
    assert(stored.value.data); /* an index entry without its item */
    page->result->fetch_half_rcus +=
        capacity_half_rcus((uint64_t)stored.size, page->plan->is_consistent);
    *json = stored.value;
    return NULL;
}

static struct error *page_take(struct page *page, const struct store_entry *entry)
{
    const struct read_plan *plan = page->plan;
    struct session *session = page->session;
    struct span json = entry->value;
    struct item item = { 0 };

    if (plan->filter || plan->projection || plan->fetches_items) {
        arena_reset(session->scratch);
        item_parse(session->scratch, json, &item);
        if (plan->fetches_items) {
            TRY(fetch_item(page, &item, &json));
            item_parse(session->scratch, json, &item);
        }
        if (!condition_holds(session->scratch, plan->filter, &item))
            return NULL;
    }
    page->result->count++;
    if (plan->is_count_only)
        return NULL;
    page_add(page, plan->projection ? project(session, plan->projection, &item) : json);
    return NULL;
}

static void add_key_attributes(struct item *key, const struct key_schema *schema,
                               const struct item *entry)
{
    for (size_t i = 0; i < schema->hash_count + schema->range_count; i++) {
        struct span name = schema->parts[i].name;
        const struct value *value = item_find(entry, name);

        assert(value); /* an entry without its keys */
        if (item_find(key, name) == NULL)
            key->attributes[key->count++] = (struct attribute){ name, *value };
    }
}

/* LastEvaluatedKey: the keys of the table, and of the index that was read. */
static const struct item *key_of_entry(struct page *page, struct span json)
{
    struct arena *arena = page->req->arena;
    struct item *key = NEW(arena, struct item, 1);
    struct item entry = { 0 };

    item_parse(arena, arena_copy(arena, json), &entry);
    key->attributes = NEW(arena, struct attribute, 2 * KEY_PARTS_MAX);
    add_key_attributes(key, &page->plan->table->keys, &entry);
    if (page->plan->index)
        add_key_attributes(key, &page->plan->index->keys, &entry);
    return key;
}

static struct span_range remaining_range(struct page *page)
{
    const struct read_plan *plan = page->plan;
    struct span_range range = plan->range;

    if (plan->start_after.data == NULL)
        return range;
    if (plan->is_backward) {
        if (range.high.data == NULL || span_compare(plan->start_after, range.high) < 0)
            range.high = plan->start_after;
    } else {
        /* the first key behind start_after is start_after with a zero byte at its end */
        struct span copy = arena_copy(page->req->arena, plan->start_after);
        struct span next = { copy.data, copy.size + 1 };

        if (range.low.data == NULL || span_compare(next, range.low) > 0)
            range.low = next;
    }
    return range;
}

static struct error *read_page(struct page *page)
{
    const struct read_plan *plan = page->plan;
    struct read_result *result = page->result;
    struct span_range range = remaining_range(page);
    struct store_cursor *cursor;
    struct store_entry entry;
    struct error *error;

    TRY(store_seek(page->session->connection, plan->index ? plan->index->space : plan->table->space,
                   &range, plan->is_backward, &cursor));
    while ((error = store_next(cursor, &entry)) == NULL && entry.key.data) {
        result->scanned_count++;
        result->read_bytes += (uint64_t)entry.size;
        if (result->scanned_count == plan->limit || result->read_bytes > PAGE_BYTES_MAX)
            result->last_key = key_of_entry(page, entry.value);
        error = page_take(page, &entry);
        if (error || result->last_key)
            break;
    }
    store_end(cursor);
    return error;
}

static struct error *read_item(struct page *page)
{
    const struct read_plan *plan = page->plan;
    struct session *session = page->session;
    struct store_entry entry = { 0 };
    struct item item = { 0 };

    TRY(store_get(session->connection, plan->table->space, plan->key, &entry));
    if (entry.value.data == NULL)
        return NULL;
    page->result->scanned_count = 1;
    page->result->read_bytes = (uint64_t)entry.size;
    if (plan->filter || plan->projection) {
        arena_reset(session->scratch);
        item_parse(session->scratch, entry.value, &item);
        if (!condition_holds(session->scratch, plan->filter, &item))
            return NULL;
    }
    page->result->count = 1;
    page_add(page, plan->projection ? project(session, plan->projection, &item) : entry.value);
    return NULL;
}

struct error *exec_read(struct request *req, const struct read_plan *plan,
                        struct read_result *result)
{
    struct page page = { req, req->session, plan, result, 0 };

    *result = (struct read_result){ 0 };
    TRY(authorize_read(req, plan));
    TRY(session_read(req->session));
    TRY(session_settle(req->session, plan->kind == READ_GET ? read_item(&page) : read_page(&page)));
    result->half_rcus = capacity_half_rcus(result->read_bytes, plan->is_consistent);
    return NULL;
}
