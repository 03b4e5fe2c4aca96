/* item/value.h - attribute values as C data: the tree that expressions and keys look into.
 *
 * A tree lives in one arena and is shared freely once checked: nobody changes a value that another
 * may see. "Checked" means item_check or value_check passed, or it came from the store; numbers are
 * then canonical text (plain decimal: no exponent, no leading or trailing zeros, "-0" is "0"). */
#pragma once

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct value;
struct attribute;

/* The order is the one in which the model lists the types. */
enum value_type {
    VALUE_NONE, /* {} or only null members on the wire: refused by the check */
    VALUE_S,
    VALUE_N,
    VALUE_B,
    VALUE_SS,
    VALUE_NS,
    VALUE_BS,
    VALUE_M,
    VALUE_L,
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_MANY,    /* more than one type on the wire (in list): refused by the check */
    VALUE_TOO_DEEP /* nested past the limit, not decoded further: refused by the check */
};

struct value {
    enum value_type type : 8;
    bool is_true;   /* VALUE_BOOL: the value; VALUE_NULL: what was sent (false is refused) */
    uint32_t count; /* members of SS, NS, BS, L, M, MANY */
    union {
        struct span text;             /* S: UTF-8; N: decimal; B: the bytes themselves */
        struct span *members;         /* SS, NS, BS: each as above */
        struct value *list;           /* L, MANY */
        struct attribute *attributes; /* M: names are unique */
    };
};

struct attribute {
    struct span name;
    struct value value;
};

/* A whole item, a key, or any map of names to values. Where json is present it is the item's
 * canonical DynamoDB JSON ({"pk":{"S":"a"},...}) and attributes may be left empty: an answer is
 * then written from json alone. */
struct item {
    size_t count;
    struct attribute *attributes;
    struct span json;
};

struct item_list {
    size_t count;
    struct item *items;
};

struct value_list {
    size_t count;
    struct value *items;
};

/* "S", "N", ... as on the wire; "" for the three kinds that the check refuses. */
const char *value_type_name(enum value_type type);

/* VALUE_NONE when the name isn't one of the ten. */
enum value_type value_type_find(struct span name);

/* NULL when there is no such attribute. */
const struct value *item_find(const struct item *item, struct span name);
const struct value *value_find(const struct value *map, struct span name);

/* Equal as DynamoDB compares: numbers by value, sets and maps without order. Both checked. */
bool value_equal(const struct value *a, const struct value *b);
bool item_equal(const struct item *a, const struct item *b);

/* <0, 0, >0 for two S, two N or two B, otherwise *is_ordered = false. Both checked. */
int value_compare(const struct value *a, const struct value *b, bool *is_ordered);
