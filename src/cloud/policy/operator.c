/* cloud/policy/operator.c - a table of operators, and one comparison for each family. */
#include "cloud/policy/operator.h"

#include "base/arena.h"
#include "base/moment.h"
#include "cloud/policy/network.h"
#include "cloud/policy/text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ARN_PARTS = 6 };

static const struct row {
    struct span name;
    struct policy_operator operator;
} rows[] = {
    { { "StringEquals", 12 }, { .family = FAMILY_STRING } },
    { { "StringNotEquals", 15 }, { .family = FAMILY_STRING, .is_negated = true } },
    { { "StringEqualsIgnoreCase", 22 }, { .family = FAMILY_STRING, .ignores_case = true } },
    { { "StringNotEqualsIgnoreCase", 25 },
      { .family = FAMILY_STRING, .ignores_case = true, .is_negated = true } },
    { { "StringLike", 10 }, { .family = FAMILY_STRING, .has_wildcards = true } },
    { { "StringNotLike", 13 },
      { .family = FAMILY_STRING, .has_wildcards = true, .is_negated = true } },
    { { "NumericEquals", 13 }, { .family = FAMILY_NUMERIC } },
    { { "NumericNotEquals", 16 }, { .family = FAMILY_NUMERIC, .is_negated = true } },
    { { "NumericLessThan", 15 }, { .family = FAMILY_NUMERIC, .comparison = COMPARE_LT } },
    { { "NumericLessThanEquals", 21 }, { .family = FAMILY_NUMERIC, .comparison = COMPARE_LE } },
    { { "NumericGreaterThan", 18 }, { .family = FAMILY_NUMERIC, .comparison = COMPARE_GT } },
    { { "NumericGreaterThanEquals", 24 }, { .family = FAMILY_NUMERIC, .comparison = COMPARE_GE } },
    { { "DateEquals", 10 }, { .family = FAMILY_DATE } },
    { { "DateNotEquals", 13 }, { .family = FAMILY_DATE, .is_negated = true } },
    { { "DateLessThan", 12 }, { .family = FAMILY_DATE, .comparison = COMPARE_LT } },
    { { "DateLessThanEquals", 18 }, { .family = FAMILY_DATE, .comparison = COMPARE_LE } },
    { { "DateGreaterThan", 15 }, { .family = FAMILY_DATE, .comparison = COMPARE_GT } },
    { { "DateGreaterThanEquals", 21 }, { .family = FAMILY_DATE, .comparison = COMPARE_GE } },
    { { "Bool", 4 }, { .family = FAMILY_BOOL } },
    { { "BinaryEquals", 12 }, { .family = FAMILY_BINARY } },
    { { "IpAddress", 9 }, { .family = FAMILY_IP } },
    { { "NotIpAddress", 12 }, { .family = FAMILY_IP, .is_negated = true } },
    { { "ArnEquals", 9 }, { .family = FAMILY_ARN, .has_wildcards = true } },
    { { "ArnLike", 7 }, { .family = FAMILY_ARN, .has_wildcards = true } },
    { { "ArnNotEquals", 12 }, { .family = FAMILY_ARN, .has_wildcards = true, .is_negated = true } },
    { { "ArnNotLike", 10 }, { .family = FAMILY_ARN, .has_wildcards = true, .is_negated = true } },
    { { "Null", 4 }, { .family = FAMILY_NULL } },
};

static bool cut_suffix(struct span *text, struct span suffix)
{
    struct span end = { text->data + text->size - suffix.size, suffix.size };

    if (text->size <= suffix.size || !text_same(end, suffix))
        return false;
    text->size -= suffix.size;
    return true;
}

static bool cut_quantifier(struct span *name, enum quantifier *quantifier)
{
    struct span rest = *name;
    struct span first;

    *quantifier = QUANTIFIER_NONE;
    if (memchr(name->data, ':', name->size) == NULL)
        return true;
    first = text_cut(&rest, ':');
    if (text_same(first, SPAN("ForAllValues")))
        *quantifier = QUANTIFIER_ALL;
    else if (text_same(first, SPAN("ForAnyValue")))
        *quantifier = QUANTIFIER_ANY;
    else
        return false;
    *name = rest;
    return true;
}

bool operator_find(struct arena *arena, struct span name, struct policy_operator *operator,
                   struct span * advice)
{
    struct text_guess guess = { .name = name };
    enum quantifier quantifier;
    bool if_exists;

    if (name.size == 0 || !cut_quantifier(&name, &quantifier)) {
        *advice = SPAN(": the only prefixes are ForAllValues: and ForAnyValue:");
        return false;
    }
    if_exists = cut_suffix(&name, SPAN("IfExists"));
    guess.name = name;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (text_same(rows[i].name, name)) {
            *operator= rows[i].operator;
            operator->quantifier = quantifier;
            operator->if_exists = if_exists;
            if (operator->family != FAMILY_NULL ||(!if_exists && quantifier == QUANTIFIER_NONE))
                return true;
            *advice = SPAN(": Null takes no prefix and no IfExists");
            return false;
        }
        text_guess(&guess, rows[i].name);
    }
    *advice = text_advice(arena, &guess,
                          "use one of StringEquals, StringLike, NumericEquals, "
                          "DateLessThan, Bool, IpAddress, ArnLike, Null, ...");
    return false;
}

/* text has a NUL behind it. */
static bool read_number(struct span text, double *number)
{
    char *end = NULL;

    if (text.size == 0 || strchr("+-.0123456789", text.data[0]) == NULL)
        return false;
    *number = strtod(text.data, &end);
    return end == text.data + text.size && isfinite(*number);
}

static bool compare(enum comparison comparison, double value, double wanted)
{
    switch (comparison) {
    case COMPARE_EQ: return value == wanted;
    case COMPARE_LT: return value < wanted;
    case COMPARE_LE: return value <= wanted;
    case COMPARE_GT: return value > wanted;
    case COMPARE_GE: return value >= wanted;
    }
    return false;
}

static bool compare_numbers(struct arena *arena, const struct policy_operator *operator,
                            struct span wanted, struct span value)
{
    double a;
    double b;

    return read_number(arena_copy(arena, value), &a) && read_number(wanted, &b) &&
           compare(operator->comparison, a, b);
}

static bool compare_dates(const struct policy_operator *operator, struct span wanted,
                          struct span value)
{
    double a;
    double b;

    return moment_read(value, &a) && moment_read(wanted, &b) && compare(operator->comparison, a, b);
}

static bool is_base64(struct span text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t padding = 0;

    while (padding < 2 && padding < text.size && text.data[text.size - 1 - padding] == '=')
        padding++;
    for (size_t i = 0; i + padding < text.size; i++) {
        if (text.data[i] == '\0' || strchr(digits, text.data[i]) == NULL)
            return false;
    }
    return text.size % 4 == 0;
}

static bool is_bool(struct span text)
{
    return text_same(text, SPAN("true")) || text_same(text, SPAN("false"));
}

const char *operator_check_value(const struct policy_operator *operator, struct span value)
{
    struct network network;
    double number;

    switch (operator->family) {
    case FAMILY_STRING: return NULL;
    case FAMILY_NUMERIC: return read_number(value, &number) ? NULL : "is no number";
    case FAMILY_DATE:
        return moment_read(value, &number) ? NULL
                                           : "is no date: write 2026-11-23T10:00:00Z or seconds "
                                             "since 1970";
    case FAMILY_BOOL:
    case FAMILY_NULL: return is_bool(value) ? NULL : "is neither true nor false";
    case FAMILY_BINARY: return is_base64(value) ? NULL : "is no base64";
    case FAMILY_IP:
        return network_read(value, &network) ? NULL
                                             : "is no address or range: write 203.0.113.0/24 or "
                                               "2001:db8::/32";
    case FAMILY_ARN:
        return span_is(value, "*") || span_starts_with(value, SPAN("arn:")) ? NULL : "is no ARN";
    }
    return NULL;
}

/* Each of the six parts by itself; the last one may hold colons. */
static bool arns_match(const struct glob *wanted, struct span value)
{
    struct glob rest = *wanted;

    for (int part = 0; part < ARN_PARTS; part++) {
        bool is_last = part == ARN_PARTS - 1;
        struct span text = is_last ? value : text_cut(&value, ':');
        struct glob glob = { 0, rest.units };

        while (glob.count < rest.count && (is_last || rest.units[glob.count] != ':'))
            glob.count++;
        if (!glob_matches(&glob, text, false))
            return false;
        rest.units += glob.count;
        rest.count -= glob.count;
        if (rest.count > 0) { /* the colon */
            rest.units++;
            rest.count--;
        }
    }
    return true;
}

static bool is_any(const struct glob *glob)
{
    return glob->count == 1 && glob->units[0] >= GLOB_ANY && glob->units[0] != GLOB_ONE;
}

bool operator_holds(struct arena *arena, const struct policy_operator *operator,
                    const struct glob * wanted, struct span value)
{
    struct network network;

    switch (operator->family) {
    case FAMILY_STRING: return glob_matches(wanted, value, operator->ignores_case);
    case FAMILY_NUMERIC: return compare_numbers(arena, operator, glob_text(arena, wanted), value);
    case FAMILY_DATE: return compare_dates(operator, glob_text(arena, wanted), value);
    case FAMILY_BOOL: return text_same(glob_text(arena, wanted), value);
    case FAMILY_BINARY: return span_equal(glob_text(arena, wanted), value);
    case FAMILY_IP:
        return network_read(glob_text(arena, wanted), &network) &&
               network_contains(&network, value);
    case FAMILY_ARN: return is_any(wanted) || arns_match(wanted, value);
    case FAMILY_NULL: break; /* asks for the key, not for its values */
    }
    return false;
}
