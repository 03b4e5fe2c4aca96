/* expr/reserved.c - finding a word among the reserved ones. */
#include "expr/reserved.h"

#include <strings.h>

/* <0, 0, >0 as word stands before, at or behind the reserved word. */
static int compare(struct span word, const char *reserved)
{
    int order = strncasecmp(word.data, reserved, word.size);

    if (order == 0 && reserved[word.size] != '\0')
        return -1;
    return order;
}

bool reserved_has(struct span word)
{
    size_t low = 0;
    size_t high = reserved_word_count;

    if (word.size > reserved_word_bytes_max)
        return false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(word, reserved_words[middle]);

        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}
