/* engine/stale_note.c - what a stale read shows beside what a current one would have shown. */
#include "engine/stale_note.h"

#include "base/arena.h"
#include "cloud/reader.h"
#include "cloud/stale_report.h"
#include "engine/exec.h"
#include "engine/session.h"
#include "item/json.h"

#include <assert.h>

/* One entry in two states, as the operation makes its answer of them; absent where there is
 * nothing. */
struct states {
    struct span shown;
    struct span current;
    const struct lag_record *missed;
};

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

const struct item *read_key_of(struct arena *arena, const struct read_plan *plan,
                               struct span entry_json)
{
    struct item *key = NEW(arena, struct item, 1);
    struct item entry = { 0 };

    item_parse(arena, arena_copy(arena, entry_json), &entry);
    key->attributes = NEW(arena, struct attribute, 2 * KEY_PARTS_MAX);
    add_key_attributes(key, &plan->table->keys, &entry);
    if (plan->index)
        add_key_attributes(key, &plan->index->keys, &entry);
    return key;
}

/* Where the table's item is fetched for an index entry, it is the item that is answered with. */
static struct error *fetch_states(struct session *session, const struct read_plan *plan,
                                  const struct reader *reader, struct states *states)
{
    struct span entry_json = states->shown.data ? states->shown : states->current;
    struct item entry = { 0 };
    struct shown fetched;
    struct span key;

    item_parse(session->scratch, arena_copy(session->scratch, entry_json), &entry);
    TRY(key_from_item(session->scratch, &plan->table->keys, &entry, &key));
    TRY(reader_get(reader, plan->table->space, key, &fetched));
    if (states->shown.data)
        states->shown = fetched.entry.value;
    if (states->current.data)
        states->current = fetched.current;
    if (states->missed == NULL)
        states->missed = fetched.missed;
    return NULL;
}

/* What of that state is answered: absent for nothing, empty where it only counts. */
static struct span answer_of(struct session *session, const struct read_plan *plan,
                             struct span json)
{
    struct arena *arena = session->scratch;
    struct item item = { 0 }, selected = { 0 };

    if (json.data == NULL || (plan->filter == NULL && plan->projection == NULL))
        return json.data && plan->is_count_only ? SPAN("") : json;
    item_parse(arena, arena_copy(arena, json), &item);
    if (!condition_holds(arena, plan->filter, &item))
        return (struct span){ 0 };
    if (plan->is_count_only)
        return SPAN("");
    if (plan->projection == NULL)
        return json;
    projection_apply(arena, plan->projection, &item, &selected);
    buffer_empty(&session->encoding);
    item_write(&selected, &session->encoding);
    return arena_copy(arena, buffer_span(&session->encoding));
}

static bool is_same_answer(struct session *session, const struct read_plan *plan,
                           const struct states *states)
{
    struct span shown = answer_of(session, plan, states->shown);
    struct span current = answer_of(session, plan, states->current);

    if (shown.data == NULL || current.data == NULL)
        return shown.data == current.data;
    return span_equal(shown, current);
}

static struct span key_json(struct request *req, const struct read_plan *plan, struct span entry)
{
    struct buffer *out = &req->session->encoding;
    const struct item *key =
        plan->kind == READ_GET ? plan->key_attributes : read_key_of(req->arena, plan, entry);

    buffer_empty(out);
    item_write(key, out);
    return arena_copy(req->arena, buffer_span(out));
}

static void add_note(struct request *req, const struct read_plan *plan,
                     const struct lag_record *missed, struct span entry)
{
    struct stale_read read = { .at_ms = exec_now_ms(req),
                               .operation = req->operation,
                               .table = plan->table->name,
                               .key = key_json(req, plan, entry),
                               .missed = span_from(missed->operation),
                               .change = missed->is_removal    ? "removal"
                                         : missed->before.data ? "change"
                                                               : "insert",
                               .user_agent = req->user_agent,
                               .test = req->test };

    read.age_ms = read.at_ms > missed->at_ms ? read.at_ms - missed->at_ms : 0;
    if (plan->index) {
        read.index = plan->index->name;
        read.is_global = plan->index->is_global;
    }
    stale_report_add(req->session->engine->stale_report, &read);
}

struct error *stale_note(struct request *req, const struct read_plan *plan,
                         const struct reader *reader, const struct shown *shown)
{
    struct session *session = req->session;
    struct states states = { shown->entry.value, shown->current, shown->missed };

    if (shown->missed == NULL && !plan->fetches_items)
        return NULL;
    arena_reset(session->scratch);
    if (plan->fetches_items)
        TRY(fetch_states(session, plan, reader, &states));
    if (states.missed && !is_same_answer(session, plan, &states))
        add_note(req, plan, states.missed,
                 shown->entry.value.data ? shown->entry.value : shown->current);
    return NULL;
}
