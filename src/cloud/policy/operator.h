/* cloud/policy/operator.h - the condition operators: ForAllValues:StringLikeIfExists and all
 * others.
 *
 * Pure; scratch memory from the arena. */
#pragma once

#include "cloud/policy/pattern.h"

struct arena;

enum operator_family {
    FAMILY_STRING,
    FAMILY_NUMERIC,
    FAMILY_DATE,
    FAMILY_BOOL,
    FAMILY_BINARY,
    FAMILY_IP,
    FAMILY_ARN,
    FAMILY_NULL
};

enum comparison { COMPARE_EQ, COMPARE_LT, COMPARE_LE, COMPARE_GT, COMPARE_GE };

/* Which of a key's values have to pass. */
enum quantifier { QUANTIFIER_NONE, QUANTIFIER_ALL, QUANTIFIER_ANY };

struct policy_operator {
    enum quantifier quantifier;
    enum operator_family family;
    enum comparison comparison; /* numbers and dates */
    bool ignores_case;          /* strings */
    bool has_wildcards;         /* strings, ARNs */
    bool is_negated;
    bool if_exists;
};

/* false: *advice says what is wrong with the name. Case of letters does not matter. */
bool operator_find(struct arena *arena, struct span name, struct policy_operator *operator,
                   struct span * advice);

/* NULL, or what is wrong with a value in a policy, one without variables. */
const char *operator_check_value(const struct policy_operator *operator, struct span value);

/* Does a value of the request equal (or whatever the operator says, negation aside) the policy's?
 */
bool operator_holds(struct arena *arena, const struct policy_operator *operator,
                    const struct glob * wanted, struct span value);
