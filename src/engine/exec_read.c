/* engine/exec_read.c - the reading door: one item by key, or a page of entries in order. */
#include "engine/exec.h"

#include "base/arena.h"
#include "engine/authorize.h"
#include "cloud/reader.h"
#include "engine/capacity.h"
#include "engine/session.h"
#include "engine/stale_note.h"
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
    struct reader reader;
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
    struct shown stored = { 0 };
    struct span key;

    TRY(key_from_item(session->scratch, &table->keys, entry, &key));
    TRY(reader_get(&page->reader, table->space, key, &stored));
    assert(stored.entry.value.data); /* an index entry without its item */
    page->result->fetch_half_rcus +=
        capacity_half_rcus((uint64_t)stored.entry.size, page->plan->is_consistent);
    *json = stored.entry.value;
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
    struct reader_cursor cursor;
    struct shown shown;
    struct error *error;

    TRY(reader_seek(&page->reader, plan->index ? plan->index->space : plan->table->space, &range,
                    plan->is_backward, &cursor));
    while ((error = reader_next(&cursor, &shown)) == NULL && shown.entry.key.data) {
        if (page->reader.view)
            error = stale_note(page->req, plan, &page->reader, &shown);
        if (error)
            break;
        if (shown.entry.value.data == NULL)
            continue;
        result->scanned_count++;
        result->read_bytes += (uint64_t)shown.entry.size;
        if (result->scanned_count == plan->limit || result->read_bytes > PAGE_BYTES_MAX)
            result->last_key = read_key_of(page->req->arena, plan, shown.entry.value);
        error = page_take(page, &shown.entry);
        if (error || result->last_key)
            break;
    }
    reader_end(&cursor);
    return error;
}

static struct error *read_item(struct page *page)
{
    const struct read_plan *plan = page->plan;
    struct session *session = page->session;
    struct shown shown = { 0 };
    struct item item = { 0 };

    TRY(reader_get(&page->reader, plan->table->space, plan->key, &shown));
    if (page->reader.view)
        TRY(stale_note(page->req, plan, &page->reader, &shown));
    if (shown.entry.value.data == NULL)
        return NULL;
    page->result->scanned_count = 1;
    page->result->read_bytes = (uint64_t)shown.entry.size;
    if (plan->filter || plan->projection) {
        arena_reset(session->scratch);
        item_parse(session->scratch, shown.entry.value, &item);
        if (!condition_holds(session->scratch, plan->filter, &item))
            return NULL;
    }
    page->result->count = 1;
    page_add(page,
             plan->projection ? project(session, plan->projection, &item) : shown.entry.value);
    return NULL;
}

static struct error *read_shown(struct page *page)
{
    return page->plan->kind == READ_GET ? read_item(page) : read_page(page);
}

/* What doesn't have to be current is read through a view on the past, where a lag is set. */
static struct error *read_stale(struct page *page)
{
    const struct read_plan *plan = page->plan;
    struct engine *engine = page->session->engine;
    struct lag_view view = { .lag = engine->lag,
                             .reader = page->session,
                             .now_ms = clock_now_ms(&engine->clock),
                             .draw = random_next(&page->session->lag_random) };
    struct error *error;

    if (!lag_view_open(&view, plan->table->name,
                       plan->index && plan->index->is_global ? LAG_OF_INDEX : LAG_OF_TABLE))
        return read_shown(page);
    page->reader.view = &view;
    error = read_shown(page);
    page->reader.view = NULL;
    lag_view_close(&view);
    return error;
}

struct error *exec_read(struct request *req, const struct read_plan *plan,
                        struct read_result *result)
{
    struct page page = { req, req->session, plan, result, { NULL, NULL }, 0 };
    bool is_stale = !plan->is_consistent && lag_is_on(req->session->engine->lag);

    *result = (struct read_result){ 0 };
    TRY(authorize_read(req, plan));
    TRY(session_read(req->session));
    page.reader.connection = req->session->connection;
    TRY(session_settle(req->session, is_stale ? read_stale(&page) : read_shown(&page)));
    result->half_rcus = capacity_half_rcus(result->read_bytes, plan->is_consistent);
    return NULL;
}
