/* expr/reserved.h - the words that may not stand for an attribute in an expression. */
#pragma once

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/* Generated from model/reserved-words.txt: upper case, sorted. */
extern const char *const reserved_words[];
extern const size_t reserved_word_count;
extern const size_t reserved_word_bytes_max;

/* Case does not matter. */
bool reserved_has(struct span word);
