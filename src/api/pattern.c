/* api/pattern.c - matching names, ARNs' parts and the like without a regular expression engine. */
#include "api/pattern.h"

#include <string.h>

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alphanumeric(unsigned char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static bool is_of_name(unsigned char c)
{
    return is_alphanumeric(c) || c == '_' || c == '.' || c == '-';
}

static bool is_hex(unsigned char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

static bool is_printable(unsigned char c)
{
    return c >= ' ' && c <= '~';
}

static bool is_of_csv_header(unsigned char c)
{
    return is_printable(c) && c != '"' && c != ',';
}

static inline bool all_of(struct span text, bool (*is_wanted)(unsigned char))
{
    for (size_t i = 0; i < text.size; i++)
        if (!is_wanted((unsigned char)text.data[i]))
            return false;
    return true;
}

bool pattern_name(struct span text)
{
    return text.size > 0 && all_of(text, is_of_name);
}

bool pattern_no_dollar(struct span text)
{
    return text.size > 0 && memchr(text.data, '$', text.size) == NULL;
}

bool pattern_bucket(struct span text)
{
    return text.size >= 2 && all_of(text, is_of_name) &&
           is_alphanumeric((unsigned char)text.data[0]) &&
           is_alphanumeric((unsigned char)text.data[text.size - 1]);
}

bool pattern_account(struct span text)
{
    return text.size == 12 && all_of(text, is_digit);
}

bool pattern_print(struct span text)
{
    return text.size > 0 && all_of(text, is_printable);
}

bool pattern_delimiter(struct span text)
{
    return text.size == 1 && memchr(",;:|\t ", text.data[0], 6) != NULL;
}

bool pattern_csv_header(struct span text)
{
    return all_of(text, is_of_csv_header);
}

bool pattern_hex_blocks(struct span text)
{
    return text.size > 0 && text.size % 16 == 0 && all_of(text, is_hex);
}

bool pattern_no_control(struct span text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];

        if (c < ' ' && c != '\r' && c != '\n' && c != '\t')
            return false;
        /* U+FFFE and U+FFFF are EF BF BE and EF BF BF. */
        if (c == 0xEF && i + 2 < text.size && (unsigned char)text.data[i + 1] == 0xBF &&
            (unsigned char)text.data[i + 2] >= 0xBE)
            return false;
    }
    return true;
}

int64_t pattern_units(struct span text)
{
    int64_t units = 0;

    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];

        if ((c & 0xC0) != 0x80) /* the first byte of a character */
            units += c >= 0xF0 ? 2 : 1;
    }
    return units;
}
