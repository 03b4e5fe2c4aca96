/* api/scalar.c - numbers, booleans and keys as the service's parser takes them. */
#include "api/scalar.h"

#include "base/arena.h"

#include <stdlib.h>
#include <strings.h>

enum { PAIRWISE_MAX = 16 }; /* up to here comparing all pairs is cheaper than sorting */

static const struct {
    const char *text;
    bool is_true;
} spellings[] = { { "true", true },   { "yes", true }, { "1", true },
                  { "false", false }, { "no", false }, { "0", false } };

enum { SPELLING_COUNT = sizeof(spellings) / sizeof(spellings[0]) };

int64_t scalar_integer(yyjson_val *number, bool is_long)
{
    int64_t low = is_long ? INT64_MIN : INT32_MIN;
    int64_t high = is_long ? INT64_MAX : INT32_MAX;
    int64_t integer;

    if (yyjson_is_real(number)) {
        double real = yyjson_get_real(number);

        if (real <= (double)low)
            return low;
        return real >= (double)high ? high : (int64_t)real;
    }
    if (yyjson_is_uint(number))
        return yyjson_get_uint(number) > (uint64_t)high ? high : (int64_t)yyjson_get_uint(number);
    integer = yyjson_get_sint(number);
    if (integer < low)
        return low;
    return integer > high ? high : integer;
}

/* -1 when it is none of them. */
static int find_spelling(yyjson_val *string)
{
    for (int i = 0; i < SPELLING_COUNT; i++)
        if (strcasecmp(spellings[i].text, yyjson_get_str(string)) == 0)
            return i;
    return -1;
}

bool scalar_is_spelled_boolean(yyjson_val *string)
{
    return find_spelling(string) >= 0;
}

bool scalar_is_true(yyjson_val *boolean)
{
    int spelling;

    if (yyjson_is_bool(boolean))
        return yyjson_get_bool(boolean);
    spelling = find_spelling(boolean);
    return spelling >= 0 && spellings[spelling].is_true;
}

static int compare_places(const void *a, const void *b)
{
    const struct scalar_pair *left = *(const struct scalar_pair *const *)a;
    const struct scalar_pair *right = *(const struct scalar_pair *const *)b;
    int order = span_compare(left->key, right->key);

    return order != 0 ? order : (left > right) - (left < right);
}

/* Gives up a pair (no value) whose key comes again. */
static void drop_sorted(struct arena *arena, struct scalar_pair *pairs, size_t count)
{
    struct scalar_pair **places = NEW(arena, struct scalar_pair *, count);

    for (size_t i = 0; i < count; i++)
        places[i] = &pairs[i];
    qsort(places, count, sizeof(struct scalar_pair *), compare_places);
    for (size_t i = 0; i + 1 < count; i++)
        if (span_equal(places[i]->key, places[i + 1]->key))
            places[i]->value = NULL;
}

static void drop_pairwise(struct scalar_pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++)
            if (span_equal(pairs[i].key, pairs[j].key)) {
                pairs[i].value = NULL;
                break;
            }
}

struct scalar_pair *scalar_last_pairs(struct arena *arena, yyjson_val *object, size_t *count)
{
    size_t size = yyjson_obj_size(object);
    struct scalar_pair *pairs = NEW(arena, struct scalar_pair, size);
    yyjson_obj_iter iterator = yyjson_obj_iter_with(object);
    size_t kept = 0;

    for (size_t i = 0; i < size; i++) {
        yyjson_val *key = yyjson_obj_iter_next(&iterator);

        pairs[i] = (struct scalar_pair){ json_text(key), yyjson_obj_iter_get_val(key) };
    }
    if (size <= PAIRWISE_MAX)
        drop_pairwise(pairs, size);
    else
        drop_sorted(arena, pairs, size);
    for (size_t i = 0; i < size; i++)
        if (pairs[i].value)
            pairs[kept++] = pairs[i];
    *count = kept;
    return pairs;
}
