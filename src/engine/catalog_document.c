/* engine/catalog_document.c - table descriptions to JSON and back. */
#include "engine/catalog_document.h"

#include "base/arena.h"
#include "base/json.h"

#include <string.h>

static const char *const type_names[] = { "S", "N", "B" };

/* Writing: each function makes one JSON value. */

static void put_text(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *name,
                     struct span text)
{
    if (text.data)
        yyjson_mut_obj_add_strn(doc, object, name, text.data, text.size);
}

/* Zero is left out, and read as zero. */
static void put_number(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *name,
                       int64_t number)
{
    if (number != 0)
        yyjson_mut_obj_add_sint(doc, object, name, number);
}

static void put_flag(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *name, bool is_set)
{
    if (is_set)
        yyjson_mut_obj_add_bool(doc, object, name, true);
}

static yyjson_mut_val *write_parts(yyjson_mut_doc *doc, const struct key_part *parts, size_t count)
{
    yyjson_mut_val *list = yyjson_mut_arr(doc);

    for (size_t i = 0; i < count; i++) {
        yyjson_mut_val *part = yyjson_mut_arr_add_obj(doc, list);

        put_text(doc, part, "name", parts[i].name);
        yyjson_mut_obj_add_str(doc, part, "type", value_type_name(parts[i].type));
    }
    return list;
}

static void put_keys(yyjson_mut_doc *doc, yyjson_mut_val *object, const struct key_schema *keys)
{
    yyjson_mut_obj_add_val(doc, object, "hash", write_parts(doc, keys->parts, keys->hash_count));
    yyjson_mut_obj_add_val(doc, object, "range",
                           write_parts(doc, keys->parts + keys->hash_count, keys->range_count));
}

static void put_throughput(yyjson_mut_doc *doc, yyjson_mut_val *parent,
                           const struct throughput *throughput)
{
    yyjson_mut_val *object = yyjson_mut_obj_add_obj(doc, parent, "throughput");

    put_number(doc, object, "read", throughput->read_units);
    put_number(doc, object, "write", throughput->write_units);
    put_number(doc, object, "last_increase_ms", throughput->last_increase_ms);
    put_number(doc, object, "last_decrease_ms", throughput->last_decrease_ms);
    put_number(doc, object, "decreases_today", throughput->decreases_today);
    put_number(doc, object, "max_read", throughput->max_read_units);
    put_number(doc, object, "max_write", throughput->max_write_units);
    put_number(doc, object, "warm_read", throughput->warm_read_units);
    put_number(doc, object, "warm_write", throughput->warm_write_units);
}

static void put_index(yyjson_mut_doc *doc, yyjson_mut_val *list, const struct index *index)
{
    yyjson_mut_val *object = yyjson_mut_arr_add_obj(doc, list);
    yyjson_mut_val *names;

    put_text(doc, object, "name", index->name);
    put_text(doc, object, "arn", index->arn);
    put_flag(doc, object, "global", index->is_global);
    put_keys(doc, object, &index->keys);
    put_text(doc, object, "projection", projection_type_texts[index->projection]);
    names = yyjson_mut_obj_add_arr(doc, object, "non_key_attributes");
    for (size_t i = 0; i < index->non_key_attributes.count; i++)
        yyjson_mut_arr_add_strn(doc, names, index->non_key_attributes.items[i].data,
                                index->non_key_attributes.items[i].size);
    put_text(doc, object, "status", index_status_texts[index->status]);
    put_flag(doc, object, "backfilling", index->is_backfilling);
    put_throughput(doc, object, &index->throughput);
    put_number(doc, object, "space", index->space);
}

static void put_tags(yyjson_mut_doc *doc, yyjson_mut_val *object, const struct table *table)
{
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, object, "tags");

    for (size_t i = 0; i < table->tag_count; i++) {
        yyjson_mut_val *tag = yyjson_mut_arr_add_obj(doc, list);

        put_text(doc, tag, "key", table->tags[i].key);
        put_text(doc, tag, "value", table->tags[i].value);
    }
}

static void put_stream(yyjson_mut_doc *doc, yyjson_mut_val *root, const struct table *table)
{
    put_text(doc, root, "stream_view", stream_view_type_texts[table->stream_view]);
    put_text(doc, root, "stream_label", table->stream_label);
    put_text(doc, root, "stream_arn", table->stream_arn);
    put_number(doc, root, "stream_space", table->stream_space);
    put_number(doc, root, "stream_shard_count", table->stream_shard_count);
    put_number(doc, root, "stream_first_shard", table->stream_first_shard);
    put_number(doc, root, "stream_rolled_ms", table->stream_rolled_ms);
}

static void put_ttl(yyjson_mut_doc *doc, yyjson_mut_val *root, const struct table *table)
{
    put_text(doc, root, "ttl_attribute", table->ttl_attribute);
    put_flag(doc, root, "ttl", table->is_ttl_on);
    put_number(doc, root, "ttl_changed_ms", table->ttl_changed_ms);
    put_number(doc, root, "ttl_space", table->ttl_space);
}

static void put_backups(yyjson_mut_doc *doc, yyjson_mut_val *root, const struct table *table)
{
    put_number(doc, root, "continuous_since_ms", table->continuous_since_ms);
    put_number(doc, root, "recovery_days", table->recovery_days);
    put_number(doc, root, "restored_ms", table->restored_ms);
    put_text(doc, root, "restored_backup_arn", table->restored_backup_arn);
    put_text(doc, root, "restored_table_arn", table->restored_table_arn);
}

static void put_settings(yyjson_mut_doc *doc, yyjson_mut_val *root, const struct table *table)
{
    put_text(doc, root, "billing_mode", billing_mode_texts[table->billing_mode]);
    put_flag(doc, root, "has_billing_summary", table->has_billing_summary);
    put_number(doc, root, "on_demand_since_ms", table->on_demand_since_ms);
    put_throughput(doc, root, &table->throughput);
    put_stream(doc, root, table);
    put_ttl(doc, root, table);
    put_text(doc, root, "table_class", table_class_texts[table->table_class]);
    put_number(doc, root, "table_class_changed_ms", table->table_class_changed_ms);
    put_flag(doc, root, "protected", table->is_protected);
    put_flag(doc, root, "sse", table->is_sse_given);
    put_text(doc, root, "kms_key_arn", table->kms_key_arn);
    put_text(doc, root, "resource_policy", table->resource_policy);
}

struct span catalog_document_write(struct arena *arena, const struct table *table)
{
    yyjson_mut_doc *doc = json_build(arena);
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_val *indexes;

    yyjson_mut_doc_set_root(doc, root);
    put_number(doc, root, "version", CATALOG_DOCUMENT_VERSION);
    put_text(doc, root, "name", table->name);
    put_text(doc, root, "arn", table->arn);
    put_text(doc, root, "id", table->id);
    put_text(doc, root, "region", table->region);
    put_text(doc, root, "account", table->account);
    put_text(doc, root, "namespace", table->namespace);
    put_text(doc, root, "status", table_status_texts[table->status]);
    put_number(doc, root, "created_ms", table->created_ms);
    put_keys(doc, root, &table->keys);
    yyjson_mut_obj_add_val(doc, root, "definitions",
                           write_parts(doc, table->definitions, table->definition_count));
    indexes = yyjson_mut_obj_add_arr(doc, root, "indexes");
    for (size_t i = 0; i < table->index_count; i++)
        put_index(doc, indexes, &table->indexes[i]);
    put_settings(doc, root, table);
    put_tags(doc, root, table);
    put_backups(doc, root, table);
    put_number(doc, root, "space", table->space);
    put_number(doc, root, "collection_space", table->collection_space);
    return json_print(arena, doc, false);
}

/* Reading. What is missing is zero or absent; what is of the wrong kind spoils the document. */

struct reader {
    struct arena *arena;
    bool is_broken;
};

static struct span get_text(yyjson_val *object, const char *name)
{
    return json_text(yyjson_obj_get(object, name));
}

static int64_t get_number(yyjson_val *object, const char *name)
{
    return yyjson_get_sint(yyjson_obj_get(object, name));
}

static bool get_flag(yyjson_val *object, const char *name)
{
    return yyjson_get_bool(yyjson_obj_get(object, name));
}

static struct span need_text(struct reader *reader, yyjson_val *object, const char *name)
{
    struct span text = get_text(object, name);

    if (text.data == NULL)
        reader->is_broken = true;
    return text;
}

/* The position of a text among an enumeration's; 0, which is absent, for an absent text. */
static unsigned get_choice(struct reader *reader, yyjson_val *object, const char *name,
                           const struct span *texts, size_t count)
{
    struct span text = get_text(object, name);

    if (text.data == NULL)
        return 0;
    for (unsigned i = 1; i < count; i++) {
        if (span_equal(texts[i], text))
            return i;
    }
    reader->is_broken = true;
    return 0;
}

#define GET_CHOICE(reader, object, name, texts) \
    get_choice((reader), (object), (name), (texts), COUNT(texts))

/* At most max parts go into parts. */
static size_t read_parts(struct reader *reader, yyjson_val *list, struct key_part *parts,
                         size_t max)
{
    size_t i;
    size_t count;
    yyjson_val *part;

    if (!yyjson_is_arr(list) || yyjson_arr_size(list) > max) {
        reader->is_broken = true;
        return 0;
    }
    yyjson_arr_foreach(list, i, count, part)
    {
        struct span type = need_text(reader, part, "type");
        bool is_known = false;

        for (size_t j = 0; j < COUNT(type_names); j++)
            is_known |= span_is(type, type_names[j]);
        if (!is_known)
            reader->is_broken = true;
        else
            parts[i].type = value_type_find(type);
        parts[i].name = need_text(reader, part, "name");
    }
    return yyjson_arr_size(list);
}

static void read_keys(struct reader *reader, yyjson_val *object, struct key_schema *keys)
{
    keys->hash_count =
        read_parts(reader, yyjson_obj_get(object, "hash"), keys->parts, KEY_PARTS_MAX / 2);
    keys->range_count = read_parts(reader, yyjson_obj_get(object, "range"),
                                   keys->parts + keys->hash_count, KEY_PARTS_MAX / 2);
    if (keys->hash_count == 0)
        reader->is_broken = true;
}

static void read_throughput(yyjson_val *parent, struct throughput *throughput)
{
    yyjson_val *object = yyjson_obj_get(parent, "throughput");

    throughput->read_units = get_number(object, "read");
    throughput->write_units = get_number(object, "write");
    throughput->last_increase_ms = get_number(object, "last_increase_ms");
    throughput->last_decrease_ms = get_number(object, "last_decrease_ms");
    throughput->decreases_today = get_number(object, "decreases_today");
    throughput->max_read_units = get_number(object, "max_read");
    throughput->max_write_units = get_number(object, "max_write");
    throughput->warm_read_units = get_number(object, "warm_read");
    throughput->warm_write_units = get_number(object, "warm_write");
}

static void read_index(struct reader *reader, yyjson_val *object, struct index *index)
{
    yyjson_val *names = yyjson_obj_get(object, "non_key_attributes");
    yyjson_val *name;
    size_t i;
    size_t count;

    index->name = need_text(reader, object, "name");
    index->arn = need_text(reader, object, "arn");
    index->is_global = get_flag(object, "global");
    read_keys(reader, object, &index->keys);
    index->projection = GET_CHOICE(reader, object, "projection", projection_type_texts);
    index->non_key_attributes.items = NEW(reader->arena, struct span, yyjson_arr_size(names));
    yyjson_arr_foreach(names, i, count, name)
    {
        index->non_key_attributes.items[i] = json_text(name);
        reader->is_broken |= !yyjson_is_str(name);
    }
    index->non_key_attributes.count = yyjson_arr_size(names);
    index->status = GET_CHOICE(reader, object, "status", index_status_texts);
    index->is_backfilling = get_flag(object, "backfilling");
    read_throughput(object, &index->throughput);
    index->space = (uint32_t)get_number(object, "space");
    reader->is_broken |= index->projection == PROJECTION_TYPE_ABSENT || index->space == 0;
}

static void read_indexes(struct reader *reader, yyjson_val *root, struct table *table)
{
    yyjson_val *list = yyjson_obj_get(root, "indexes");
    yyjson_val *object;
    size_t i;
    size_t count;

    table->index_count = yyjson_arr_size(list);
    table->indexes = NEW(reader->arena, struct index, table->index_count);
    yyjson_arr_foreach(list, i, count, object)
    {
        read_index(reader, object, &table->indexes[i]);
        if (!table->indexes[i].is_global)
            table->local_index_count++;
    }
}

static void read_tags(struct reader *reader, yyjson_val *root, struct table *table)
{
    yyjson_val *list = yyjson_obj_get(root, "tags");
    yyjson_val *object;
    size_t i;
    size_t count;

    table->tag_count = yyjson_arr_size(list);
    table->tags = NEW(reader->arena, struct tag_pair, table->tag_count);
    yyjson_arr_foreach(list, i, count, object)
    {
        table->tags[i].key = need_text(reader, object, "key");
        table->tags[i].value = need_text(reader, object, "value");
    }
}

static void read_stream(struct reader *reader, yyjson_val *root, struct table *table)
{
    table->stream_view = GET_CHOICE(reader, root, "stream_view", stream_view_type_texts);
    table->stream_label = get_text(root, "stream_label");
    table->stream_arn = get_text(root, "stream_arn");
    table->stream_space = (uint32_t)get_number(root, "stream_space");
    table->stream_shard_count = (uint32_t)get_number(root, "stream_shard_count");
    table->stream_first_shard = (uint32_t)get_number(root, "stream_first_shard");
    table->stream_rolled_ms = get_number(root, "stream_rolled_ms");
    reader->is_broken |= table->stream_space != 0 &&
                         (table->stream_shard_count == 0 || table->stream_arn.data == NULL ||
                          table->stream_view == STREAM_VIEW_TYPE_ABSENT);
}

static void read_ttl(struct reader *reader, yyjson_val *root, struct table *table)
{
    table->ttl_attribute = get_text(root, "ttl_attribute");
    table->is_ttl_on = get_flag(root, "ttl");
    table->ttl_changed_ms = get_number(root, "ttl_changed_ms");
    table->ttl_space = (uint32_t)get_number(root, "ttl_space");
    reader->is_broken |= table->is_ttl_on != (table->ttl_space != 0) ||
                         (table->is_ttl_on && table->ttl_attribute.data == NULL);
}

static void read_backups(yyjson_val *root, struct table *table)
{
    table->continuous_since_ms = get_number(root, "continuous_since_ms");
    table->recovery_days = get_number(root, "recovery_days");
    table->restored_ms = get_number(root, "restored_ms");
    table->restored_backup_arn = get_text(root, "restored_backup_arn");
    table->restored_table_arn = get_text(root, "restored_table_arn");
}

static void read_settings(struct reader *reader, yyjson_val *root, struct table *table)
{
    table->billing_mode = GET_CHOICE(reader, root, "billing_mode", billing_mode_texts);
    table->has_billing_summary = get_flag(root, "has_billing_summary");
    table->on_demand_since_ms = get_number(root, "on_demand_since_ms");
    read_throughput(root, &table->throughput);
    read_stream(reader, root, table);
    read_ttl(reader, root, table);
    table->table_class = GET_CHOICE(reader, root, "table_class", table_class_texts);
    table->table_class_changed_ms = get_number(root, "table_class_changed_ms");
    table->is_protected = get_flag(root, "protected");
    table->is_sse_given = get_flag(root, "sse");
    table->kms_key_arn = get_text(root, "kms_key_arn");
    table->resource_policy = get_text(root, "resource_policy");
}

static void read_definitions(struct reader *reader, yyjson_val *root, struct table *table)
{
    yyjson_val *list = yyjson_obj_get(root, "definitions");
    size_t count = yyjson_arr_size(list);

    table->definitions = NEW(reader->arena, struct key_part, count);
    table->definition_count = read_parts(reader, list, table->definitions, count);
}

bool catalog_document_read(struct arena *arena, struct span text, struct table *table)
{
    struct reader reader = { .arena = arena };
    yyjson_val *root = json_parse(arena, text, NULL);

    *table = (struct table){ 0 };
    if (!yyjson_is_obj(root) || get_number(root, "version") != CATALOG_DOCUMENT_VERSION)
        return false;
    table->name = need_text(&reader, root, "name");
    table->arn = need_text(&reader, root, "arn");
    table->id = need_text(&reader, root, "id");
    table->region = need_text(&reader, root, "region");
    table->account = need_text(&reader, root, "account");
    table->namespace = need_text(&reader, root, "namespace");
    table->status = GET_CHOICE(&reader, root, "status", table_status_texts);
    table->created_ms = get_number(root, "created_ms");
    read_keys(&reader, root, &table->keys);
    read_definitions(&reader, root, table);
    read_indexes(&reader, root, table);
    read_settings(&reader, root, table);
    read_tags(&reader, root, table);
    read_backups(root, table);
    table->space = (uint32_t)get_number(root, "space");
    table->collection_space = (uint32_t)get_number(root, "collection_space");
    return !reader.is_broken && table->space != 0 && table->status != TABLE_STATUS_ABSENT &&
           table->billing_mode != BILLING_MODE_ABSENT;
}
