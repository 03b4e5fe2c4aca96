/* item/size.h - item size in bytes as the service counts it (not bytes of JSON). Checked values. */
#pragma once

#include "item/value.h"

size_t value_bytes(const struct value *value);
size_t attribute_bytes(const struct attribute *attribute); /* name and value */
size_t item_bytes(const struct item *item);
