/* plan/table.c - looking things up in a table's description, and copying one. */
#include "plan/table.h"

#include "base/memory.h"

#include <assert.h>
#include <stdalign.h>
#include <string.h>

/* Walks a description twice: first to count the bytes (memory NULL), then to place them. */
struct placer {
    char *memory;
    size_t used;
};

static void *place(struct placer *placer, const void *bytes, size_t count)
{
    size_t align = alignof(max_align_t);
    size_t at = placer->used;

    placer->used += (count + align - 1) & ~(align - 1);
    if (placer->memory == NULL || count == 0)
        return NULL;
    return memcpy(placer->memory + at, bytes, count);
}

static struct span place_span(struct placer *placer, struct span span)
{
    size_t at = placer->used;

    if (span.data == NULL)
        return span;
    placer->used += span.size + 1;
    if (placer->memory == NULL)
        return span;
    memcpy(placer->memory + at, span.data, span.size);
    placer->memory[at + span.size] = '\0';
    return (struct span){ placer->memory + at, span.size };
}

/* Names are placed without alignment; the next block starts aligned again. */
static void align_placer(struct placer *placer)
{
    size_t align = alignof(max_align_t);

    placer->used = (placer->used + align - 1) & ~(align - 1);
}

static void place_key_parts(struct placer *placer, struct key_part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        parts[i].name = place_span(placer, parts[i].name);
}

static void place_index(struct placer *placer, struct index *index)
{
    struct span *names;

    index->name = place_span(placer, index->name);
    index->arn = place_span(placer, index->arn);
    place_key_parts(placer, index->keys.parts, index->keys.hash_count + index->keys.range_count);
    align_placer(placer);
    names = place(placer, index->non_key_attributes.items,
                  index->non_key_attributes.count * sizeof(*names));
    for (size_t i = 0; i < index->non_key_attributes.count; i++) {
        struct span name = place_span(placer, index->non_key_attributes.items[i]);

        if (names)
            names[i] = name;
    }
    index->non_key_attributes.items = names;
    align_placer(placer);
}

static void place_lists(struct placer *placer, const struct table *from, struct table *to)
{
    to->definitions =
        place(placer, from->definitions, from->definition_count * sizeof(*from->definitions));
    for (size_t i = 0; i < from->definition_count; i++) {
        struct key_part part = from->definitions[i];

        place_key_parts(placer, &part, 1);
        if (to->definitions)
            to->definitions[i] = part;
    }
    align_placer(placer);
    to->indexes = place(placer, from->indexes, from->index_count * sizeof(*from->indexes));
    for (size_t i = 0; i < from->index_count; i++) {
        struct index index = from->indexes[i];

        place_index(placer, &index);
        if (to->indexes)
            to->indexes[i] = index;
    }
    to->tags = place(placer, from->tags, from->tag_count * sizeof(*from->tags));
    for (size_t i = 0; i < from->tag_count; i++) {
        struct tag_pair tag = { place_span(placer, from->tags[i].key),
                                place_span(placer, from->tags[i].value) };

        if (to->tags)
            to->tags[i] = tag;
    }
}

static struct table *place_table(struct placer *placer, const struct table *from)
{
    struct table copy = *from;
    struct table *placed = place(placer, from, sizeof(*from));

    copy.name = place_span(placer, from->name);
    copy.arn = place_span(placer, from->arn);
    copy.id = place_span(placer, from->id);
    copy.region = place_span(placer, from->region);
    copy.account = place_span(placer, from->account);
    copy.namespace = place_span(placer, from->namespace);
    copy.stream_label = place_span(placer, from->stream_label);
    copy.stream_arn = place_span(placer, from->stream_arn);
    copy.ttl_attribute = place_span(placer, from->ttl_attribute);
    copy.kms_key_arn = place_span(placer, from->kms_key_arn);
    copy.resource_policy = place_span(placer, from->resource_policy);
    copy.restored_backup_arn = place_span(placer, from->restored_backup_arn);
    copy.restored_table_arn = place_span(placer, from->restored_table_arn);
    place_key_parts(placer, copy.keys.parts, copy.keys.hash_count + copy.keys.range_count);
    align_placer(placer);
    place_lists(placer, from, &copy);
    if (placed)
        *placed = copy;
    return placed;
}

struct table *table_clone(const struct table *table)
{
    struct placer counting = { 0 };
    struct placer placing = { 0 };
    struct table *clone;

    place_table(&counting, table);
    placing.memory = memory_new(counting.used);
    clone = place_table(&placing, table);
    assert(placing.used == counting.used && (char *)clone == placing.memory);
    return clone;
}

const struct index *table_find_index(const struct table *table, struct span name)
{
    for (size_t i = 0; i < table->index_count; i++) {
        if (span_equal(table->indexes[i].name, name))
            return &table->indexes[i];
    }
    return NULL;
}

const struct key_part *table_find_definition(const struct table *table, struct span name)
{
    for (size_t i = 0; i < table->definition_count; i++) {
        if (span_equal(table->definitions[i].name, name))
            return &table->definitions[i];
    }
    return NULL;
}

static bool schema_has(const struct key_schema *keys, struct span name)
{
    for (size_t i = 0; i < keys->hash_count + keys->range_count; i++) {
        if (span_equal(keys->parts[i].name, name))
            return true;
    }
    return false;
}

bool index_projects(const struct table *table, const struct index *index, struct span name)
{
    if (index->projection == PROJECTION_TYPE_ALL || schema_has(&table->keys, name) ||
        schema_has(&index->keys, name))
        return true;
    if (index->projection != PROJECTION_TYPE_INCLUDE)
        return false;
    for (size_t i = 0; i < index->non_key_attributes.count; i++) {
        if (span_equal(index->non_key_attributes.items[i], name))
            return true;
    }
    return false;
}
