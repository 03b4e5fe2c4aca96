/* item/key.h - primary and index keys as bytes whose memcmp order is DynamoDB's order.
 *
 * An entry's key is: digest of the partition key (8 bytes) | partition key parts | sort key parts,
 * each part self-delimiting; an index entry has the table's own key (its parts) behind, so that it
 * is unique. All entries of one partition key share one prefix and stand together.
 *
 * Pure: no I/O, no locks, any thread. Results live in the arena passed in.
 * Limits: partition key 1..2048 bytes, each sort key 1..1024 bytes, measured before encoding.
 * Errors: ERR_VALIDATION only, in the service's own words. */
#pragma once

#include "base/error.h"
#include "item/value.h"

struct arena;

enum {
    KEY_PARTS_MAX = 8, /* an index key: up to 4 HASH and 4 RANGE */
    KEY_DIGEST_BYTES = 8,
    HASH_KEY_BYTES_MAX = 2048,
    RANGE_KEY_BYTES_MAX = 1024
};

struct key_part {
    struct span name;
    enum value_type type; /* VALUE_S, VALUE_N or VALUE_B */
};

/* HASH parts first, then RANGE parts. */
struct key_schema {
    size_t hash_count;  /* 1..4; a table has 1 */
    size_t range_count; /* 0..4; a table has 0 or 1 */
    struct key_part parts[KEY_PARTS_MAX];
};

/* The Key of GetItem, UpdateItem, DeleteItem, ...: exactly the schema's attributes, no more
 * ("The provided key element does not match the schema", then emptiness, then size). */
MUST_USE struct error *key_from_key(struct arena *arena, const struct key_schema *schema,
                                    const struct item *key, struct span *bytes);

/* The same out of a whole item, other attributes ignored ("Missing the key pk in the item",
 * "Type mismatch for key pk expected: S actual: N", ...). */
MUST_USE struct error *key_from_item(struct arena *arena, const struct key_schema *schema,
                                     const struct item *item, struct span *bytes);

/* An item's entry key in an index; *bytes is absent when an index key attribute is missing, for
 * then the item isn't in the index. The item has been checked against the index before
 * (key_check_index). table_key is the item's own key as key_from_item made it. */
void key_from_index(struct arena *arena, const struct key_schema *index, const struct item *item,
                    struct span table_key, struct span *bytes);

/* Index key attributes that the item has must be of the right type, not empty and not too long
 * ("Type mismatch for Index Key c Expected: S Actual: N IndexName: i", ...). is_update chooses
 * UpdateItem's words. */
MUST_USE struct error *key_check_index(struct arena *arena, const struct key_schema *index,
                                       struct span index_name, const struct item *item,
                                       bool is_update);

/* The bytes that all entries of one partition key begin with: digest and hash parts. values holds
 * hash_count checked values of the schema's types, in schema order. */
struct span key_prefix(struct arena *arena, const struct key_schema *schema,
                       const struct value *values);

/* Bytes of one more part behind a prefix. */
struct span key_append(struct arena *arena, struct span prefix, const struct value *value);

/* For begins_with on a string or binary: prefix and the part's bytes without their end. */
struct span key_append_beginning(struct arena *arena, struct span prefix,
                                 const struct value *value);

/* The first bytes that sort after everything that begins with prefix; absent when there are none.
 */
struct span key_after(struct arena *arena, struct span prefix);

/* The digest of a key's partition key: what scan segments divide. */
uint64_t key_digest(struct span bytes);
