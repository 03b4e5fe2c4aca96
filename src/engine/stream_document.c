/* engine/stream_document.c - streams, shards and records to JSON and back. */
#include "engine/stream_document.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/json.h"
#include "item/json.h"

enum { VERSION = 1, KEY_NAMES_MAX = 2 };

static void put_text(yyjson_mut_doc *doc, yyjson_mut_val *root, const char *name, struct span text)
{
    if (text.data)
        yyjson_mut_obj_add_strn(doc, root, name, text.data, text.size);
}

static void put_number(yyjson_mut_doc *doc, yyjson_mut_val *root, const char *name, int64_t number)
{
    if (number != 0)
        yyjson_mut_obj_add_sint(doc, root, name, number);
}

struct span stream_document_write(struct arena *arena, const struct table_stream *stream)
{
    yyjson_mut_doc *doc = json_build(arena);
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_val *names;

    yyjson_mut_doc_set_root(doc, root);
    put_number(doc, root, "version", VERSION);
    put_text(doc, root, "arn", stream->arn);
    put_text(doc, root, "label", stream->label);
    put_text(doc, root, "table", stream->table_name);
    put_text(doc, root, "region", stream->region);
    put_text(doc, root, "view", stream_view_type_texts[stream->view]);
    names = yyjson_mut_obj_add_arr(doc, root, "keys");
    for (size_t i = 0; i < stream->key_names.count; i++)
        yyjson_mut_arr_add_strn(doc, names, stream->key_names.items[i].data,
                                stream->key_names.items[i].size);
    put_number(doc, root, "created_ms", stream->created_ms);
    put_number(doc, root, "disabled_ms", stream->disabled_ms);
    put_number(doc, root, "id", stream->id);
    put_number(doc, root, "space", stream->space);
    put_number(doc, root, "shard_count", stream->shard_count);
    put_number(doc, root, "next_shard", stream->next_shard);
    return json_print(arena, doc, false);
}

struct span shard_document_write(struct arena *arena, const struct stream_shard *shard)
{
    yyjson_mut_doc *doc = json_build(arena);
    yyjson_mut_val *root = yyjson_mut_obj(doc);

    yyjson_mut_doc_set_root(doc, root);
    put_number(doc, root, "version", VERSION);
    put_text(doc, root, "id", shard->id);
    put_text(doc, root, "parent", shard->parent_id);
    put_number(doc, root, "first_sequence", shard->first_sequence);
    put_number(doc, root, "last_sequence", shard->last_sequence);
    put_number(doc, root, "trimmed_sequence", shard->trimmed_sequence);
    put_number(doc, root, "opened_ms", shard->opened_ms);
    put_number(doc, root, "closed_ms", shard->closed_ms);
    return json_print(arena, doc, false);
}

static struct span get_text(yyjson_val *root, const char *name)
{
    return json_text(yyjson_obj_get(root, name));
}

static int64_t get_number(yyjson_val *root, const char *name)
{
    return yyjson_get_sint(yyjson_obj_get(root, name));
}

static uint32_t get_small(yyjson_val *root, const char *name)
{
    return (uint32_t)get_number(root, name);
}

static unsigned find_text(struct span text, const struct span *texts, size_t count)
{
    for (unsigned i = 1; i < count; i++)
        if (text.data && span_equal(texts[i], text))
            return i;
    return 0;
}

static enum stream_view_type get_view(yyjson_val *root)
{
    return find_text(get_text(root, "view"), stream_view_type_texts, COUNT(stream_view_type_texts));
}

/* NULL unless it is an object of a version that this program knows. */
static yyjson_val *read_root(struct arena *arena, struct span text)
{
    yyjson_val *root = json_parse(arena, text, NULL);

    return yyjson_is_obj(root) && get_number(root, "version") == VERSION ? root : NULL;
}

static bool read_names(struct arena *arena, yyjson_val *list, struct string_list *names)
{
    yyjson_val *name;
    size_t i;
    size_t count;

    if (!yyjson_is_arr(list) || yyjson_arr_size(list) == 0 || yyjson_arr_size(list) > KEY_NAMES_MAX)
        return false;
    names->count = yyjson_arr_size(list);
    names->items = NEW(arena, struct span, names->count);
    yyjson_arr_foreach(list, i, count, name)
    {
        names->items[i] = json_text(name);
        if (names->items[i].data == NULL)
            return false;
    }
    return true;
}

bool stream_document_read(struct arena *arena, struct span text, struct table_stream *stream)
{
    yyjson_val *root = read_root(arena, text);

    if (root == NULL || !read_names(arena, yyjson_obj_get(root, "keys"), &stream->key_names))
        return false;
    stream->arn = get_text(root, "arn");
    stream->label = get_text(root, "label");
    stream->table_name = get_text(root, "table");
    stream->region = get_text(root, "region");
    stream->view = get_view(root);
    stream->created_ms = get_number(root, "created_ms");
    stream->disabled_ms = get_number(root, "disabled_ms");
    stream->id = get_small(root, "id");
    stream->space = get_small(root, "space");
    stream->shard_count = get_small(root, "shard_count");
    stream->next_shard = get_small(root, "next_shard");
    return stream->arn.data && stream->label.data && stream->table_name.data &&
           stream->region.data && stream->view != STREAM_VIEW_TYPE_ABSENT && stream->id != 0 &&
           stream->space != 0 && stream->shard_count != 0;
}

bool shard_document_read(struct arena *arena, struct span text, struct stream_shard *shard)
{
    yyjson_val *root = read_root(arena, text);

    if (root == NULL)
        return false;
    shard->id = get_text(root, "id");
    shard->parent_id = get_text(root, "parent");
    shard->first_sequence = get_number(root, "first_sequence");
    shard->last_sequence = get_number(root, "last_sequence");
    shard->trimmed_sequence = get_number(root, "trimmed_sequence");
    shard->opened_ms = get_number(root, "opened_ms");
    shard->closed_ms = get_number(root, "closed_ms");
    return shard->id.data && shard->first_sequence > 0;
}

static void write_image(const char *name, const struct item *item, struct buffer *out)
{
    if (item->count == 0 && item->json.data == NULL)
        return;
    buffer_append_literal(out, ",\"");
    buffer_append_span(out, span_from(name));
    buffer_append_literal(out, "\":");
    item_write(item, out);
}

/* What every record begins with; its time follows. */
static const struct span record_start = { "{\"version\":1,\"at_ms\":", 21 };

void record_document_write(const struct stream_record_entry *record, struct buffer *out)
{
    buffer_empty(out);
    buffer_append_span(out, record_start);
    buffer_append_integer(out, record->at_ms);
    buffer_append_literal(out, ",\"event\":\"");
    buffer_append_span(out, operation_type_texts[record->event]);
    buffer_append_literal(out, "\",\"view\":\"");
    buffer_append_span(out, stream_view_type_texts[record->view]);
    buffer_append_char(out, '"');
    if (record->by_service)
        buffer_append_literal(out, ",\"service\":true");
    write_image("Keys", &record->keys, out);
    write_image("NewImage", &record->new_image, out);
    write_image("OldImage", &record->old_image, out);
    buffer_append_char(out, '}');
}

bool record_document_time(struct span text, int64_t *at_ms)
{
    size_t at = record_start.size;

    *at_ms = 0;
    if (!span_starts_with(text, record_start))
        return false;
    for (; at < text.size && text.data[at] >= '0' && text.data[at] <= '9'; at++) {
        if (*at_ms > INT64_MAX / 10 - 1)
            return false;
        *at_ms = *at_ms * 10 + (text.data[at] - '0');
    }
    return at > record_start.size;
}

static struct item read_image(struct arena *arena, yyjson_val *root, const char *name)
{
    yyjson_val *value = yyjson_obj_get(root, name);
    yyjson_alc allocator = json_allocator(arena);
    struct item item = { 0 };

    if (yyjson_is_obj(value))
        item.json.data = yyjson_val_write_opts(value, 0, &allocator, &item.json.size, NULL);
    return item;
}

bool record_document_read(struct arena *arena, struct span text, struct stream_record_entry *record)
{
    yyjson_val *root = read_root(arena, text);

    if (root == NULL)
        return false;
    record->at_ms = get_number(root, "at_ms");
    record->event =
        find_text(get_text(root, "event"), operation_type_texts, COUNT(operation_type_texts));
    record->view = get_view(root);
    record->by_service = yyjson_get_bool(yyjson_obj_get(root, "service"));
    record->keys = read_image(arena, root, "Keys");
    record->new_image = read_image(arena, root, "NewImage");
    record->old_image = read_image(arena, root, "OldImage");
    return record->event != OPERATION_TYPE_ABSENT && record->view != STREAM_VIEW_TYPE_ABSENT &&
           record->keys.json.data;
}
