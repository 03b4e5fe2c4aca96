/* api/dump.h - a request's value as the service's errors show it: Java's toString of its objects.
 *
 * [KeySchemaElement(attributeName=a, keyType=HASH)], {T=[...]}, AttributeValue: {S:a} */
#pragma once

#include "api/schema.h"
#include "base/json.h"

struct arena;
struct buffer;

/* json fits the shape, or is NULL or null. The arena is scratch. */
void dump_value(struct arena *arena, const struct shape *shape, yyjson_val *json,
                struct buffer *out);

/* The value as compact JSON. */
void dump_json(struct arena *arena, yyjson_val *json, struct buffer *out);

/* TableName -> tableName, SSESpecification -> sSESpecification */
void dump_member_name(struct span name, struct buffer *out);
