/* cloud/policy/evaluate.c - three-valued: no, maybe (it hangs on a key that isn't known yet), yes.
 */
#include "cloud/policy/evaluate.h"

#include "base/arena.h"
#include "cloud/policy/text.h"

/* In an order in which "and" is the lesser and "or" the greater of two. */
enum verdict { NO, MAYBE, YES };

static enum verdict both(enum verdict a, enum verdict b)
{
    return a < b ? a : b;
}

static enum verdict either(enum verdict a, enum verdict b)
{
    return a > b ? a : b;
}

static enum verdict inverse(enum verdict a)
{
    return (enum verdict)(YES - a);
}

struct asking {
    struct arena *arena;
    const struct policy_caller *caller;
    const struct policy_question *question;
};

static enum verdict match(struct asking *asking, const struct pattern *pattern, struct span text,
                          bool ignores_case)
{
    struct glob glob;

    switch (pattern_expand(asking->arena, pattern, asking->question->context, &glob)) {
    case EXPANSION_MISSING: return NO;
    case EXPANSION_UNKNOWN: return MAYBE;
    case EXPANSION_DONE: break;
    }
    return glob_matches(&glob, text, ignores_case) ? YES : NO;
}

static enum verdict match_any(struct asking *asking, const struct policy_patterns *patterns,
                              struct span text, bool ignores_case)
{
    enum verdict found = NO;

    for (size_t i = 0; i < patterns->count && found != YES; i++)
        found = either(found, match(asking, &patterns->items[i], text, ignores_case));
    return patterns->is_not ? inverse(found) : found;
}

/* One value of the request against all values of the condition. */
static enum verdict test_value(struct asking *asking, const struct policy_condition *condition,
                               struct span value)
{
    enum verdict found = NO;

    for (size_t i = 0; i < condition->count && found != YES; i++) {
        struct glob glob;

        switch (pattern_expand(asking->arena, &condition->values[i], asking->question->context,
                               &glob)) {
        case EXPANSION_MISSING: break;
        case EXPANSION_UNKNOWN: found = either(found, MAYBE); break;
        case EXPANSION_DONE:
            if (operator_holds(asking->arena, &condition->operator, & glob, value))
                found = YES;
            break;
        }
    }
    return found;
}

/* Without a quantifier a key is meant to have one value; of several any may match, and none may
 * where the operator is negated. */
static enum verdict test_values(struct asking *asking, const struct policy_condition *condition,
                                const struct string_list *values)
{
    const struct policy_operator *operator= & condition->operator;
    bool is_all = operator->quantifier == QUANTIFIER_ALL ||(
        operator->quantifier == QUANTIFIER_NONE && operator->is_negated);
    enum verdict result = is_all ? YES : NO;

    for (size_t i = 0; i < values->count; i++) {
        enum verdict one = test_value(asking, condition, values->items[i]);

        if (operator->is_negated)
            one = inverse(one);
        result = is_all ? both(result, one) : either(result, one);
    }
    return result;
}

/* spec: a key that isn't there fails a condition, unless it is negated, IfExists or ForAllValues */
static enum verdict test_absent(const struct policy_operator *operator)
{
    if (operator->if_exists || operator->quantifier == QUANTIFIER_ALL)
        return YES;
    return operator->is_negated && operator->quantifier != QUANTIFIER_ANY ? YES : NO;
}

static enum verdict test_null(const struct policy_condition *condition, bool is_there)
{
    for (size_t i = 0; i < condition->count; i++) {
        if (text_same(condition->values[i].text, is_there ? SPAN("false") : SPAN("true")))
            return YES;
    }
    return NO;
}

static enum verdict test(struct asking *asking, const struct policy_condition *condition)
{
    const struct policy_fact *fact = context_find(asking->question->context, condition->key);
    bool is_there = fact && fact->values.count > 0;

    if (fact && fact->is_unknown)
        return MAYBE;
    if (condition->operator.family == FAMILY_NULL)
        return test_null(condition, is_there);
    return is_there ? test_values(asking, condition, &fact->values)
                    : test_absent(&condition->operator);
}

static enum verdict test_all(struct asking *asking, const struct policy_statement *statement)
{
    enum verdict result = YES;

    for (size_t i = 0; i < statement->condition_count && result != NO; i++)
        result = both(result, test(asking, &statement->conditions[i]));
    return result;
}

static struct span full_action(struct asking *asking)
{
    return arena_print(asking->arena, "dynamodb:%.*s", SPAN_PRINT(asking->question->action));
}

/* Actions, resource and conditions; not the principal. */
static enum verdict applies(struct asking *asking, const struct policy_statement *statement)
{
    enum verdict result = match_any(asking, &statement->actions, full_action(asking), true);

    if (result != NO && statement->resources.count > 0)
        result = both(result,
                      match_any(asking, &statement->resources, asking->question->resource, false));
    return result == NO ? NO : both(result, test_all(asking, statement));
}

/* --- principals of resource policies --- */

/* How directly a policy names the caller: a grant to a role, or to everybody, leaves boundary and
 * session policies their say, one to the user or session itself does not. */
enum naming { NAMED_NOT, NAMED_ACCOUNT, NAMED_ROLE, NAMED_CALLER };

static struct span account_root(struct asking *asking)
{
    return arena_print(asking->arena, "arn:aws:iam::%.*s:root",
                       SPAN_PRINT(asking->caller->account));
}

static enum naming names_caller(struct asking *asking, const struct policy_principal_name *name)
{
    const struct policy_caller *caller = asking->caller;

    if (name->kind != PRINCIPAL_AWS)
        return NAMED_NOT;
    if (span_equal(name->text, caller->arn))
        return NAMED_CALLER;
    if (span_is(name->text, "*") ||
        (caller->role_arn.data && span_equal(name->text, caller->role_arn)))
        return NAMED_ROLE;
    if (span_equal(name->text, caller->account) || span_equal(name->text, account_root(asking)))
        return NAMED_ACCOUNT;
    return NAMED_NOT;
}

static enum naming find_naming(struct asking *asking, const struct policy_statement *statement)
{
    enum naming best = NAMED_NOT;

    for (size_t i = 0; i < statement->principal_count; i++) {
        enum naming one = names_caller(asking, &statement->principals[i]);

        if (one > best)
            best = one;
    }
    if (statement->is_not_principal)
        return best == NAMED_NOT ? NAMED_ROLE : NAMED_NOT;
    return best;
}

/* --- policies --- */

/* What the statements of one effect say. Those without principals are about everybody. */
static enum verdict say(struct asking *asking, const struct policy *policy, bool is_deny)
{
    enum verdict result = NO;

    for (size_t i = 0; i < policy->count && result != YES; i++) {
        const struct policy_statement *statement = &policy->statements[i];

        if (statement->is_deny != is_deny)
            continue;
        if ((statement->principal_count > 0 || statement->is_not_principal) &&
            find_naming(asking, statement) == NAMED_NOT)
            continue;
        result = either(result, applies(asking, statement));
    }
    return result;
}

static enum verdict say_all(struct asking *asking, const struct policy_list *list, bool is_deny)
{
    enum verdict result = NO;

    for (size_t i = 0; i < list->count && result != YES; i++)
        result = either(result, say(asking, &list->items[i], is_deny));
    return result;
}

/* What the resource's policy allows the caller, by how it names them. */
struct grants {
    enum verdict by[NAMED_CALLER + 1];
};

static struct grants find_grants(struct asking *asking)
{
    const struct policy *policy = asking->question->resource_policy;
    struct grants grants = { { NO, NO, NO, NO } };

    for (size_t i = 0; policy && i < policy->count; i++) {
        const struct policy_statement *statement = &policy->statements[i];
        enum naming naming;

        if (statement->is_deny)
            continue;
        naming = find_naming(asking, statement);
        if (naming != NAMED_NOT)
            grants.by[naming] = either(grants.by[naming], applies(asking, statement));
    }
    return grants;
}

static struct policy_decision denied(enum policy_kind kind, bool is_explicit)
{
    return (struct policy_decision){ POLICY_DENIED, kind, is_explicit };
}

/* A Deny anywhere wins. true: it is decided. */
static bool find_deny(struct asking *asking, enum verdict *deny, struct policy_decision *decision)
{
    const struct policy *policy = asking->question->resource_policy;

    *deny = NO;
    for (enum policy_kind kind = POLICY_IDENTITY; kind <= POLICY_RESOURCE; kind++) {
        enum verdict one = NO;

        if (kind < POLICY_RESOURCE)
            one = say_all(asking, &asking->caller->policies[kind], true);
        else if (policy)
            one = say(asking, policy, true);
        if (one == YES) {
            *decision = denied(kind, true);
            return true;
        }
        *deny = either(*deny, one);
    }
    return false;
}

/* Those that only limit: what they don't allow is refused. Lowers *allowed; true: decided. */
static bool limit(struct asking *asking, const enum policy_kind *kinds, size_t count,
                  enum verdict *allowed, struct policy_decision *decision)
{
    for (size_t i = 0; i < count; i++) {
        const struct policy_list *list = &asking->caller->policies[kinds[i]];
        enum verdict one = list->is_given ? say_all(asking, list, false) : YES;

        if (one == NO) {
            *decision = denied(kinds[i], false);
            return true;
        }
        *allowed = both(*allowed, one);
    }
    return false;
}

static struct policy_decision conclude(enum verdict deny, enum verdict allowed)
{
    enum verdict all = both(inverse(deny), allowed);

    return (struct policy_decision){ .outcome = all == YES ? POLICY_ALLOWED : POLICY_DEPENDS };
}

struct policy_decision policy_decide(const struct policy_caller *caller,
                                     const struct policy_question *question)
{
    static const enum policy_kind guards[] = { POLICY_RESOURCE_CONTROL, POLICY_SERVICE_CONTROL,
                                               POLICY_ENDPOINT };
    static const enum policy_kind limits[] = { POLICY_BOUNDARY, POLICY_SESSION };
    struct asking asking = { question->context->arena, caller, question };
    bool is_own = span_equal(caller->account, question->resource_account);
    const struct policy_list *identity = &caller->policies[POLICY_IDENTITY];
    struct policy_decision decision;
    enum verdict deny;
    enum verdict allowed = YES;
    enum verdict direct;
    enum verdict rest;
    struct grants grants;

    if (find_deny(&asking, &deny, &decision) ||
        limit(&asking, guards, COUNT(guards), &allowed, &decision))
        return decision;
    grants = find_grants(&asking);
    direct = is_own ? grants.by[NAMED_CALLER] : NO;
    if (direct == YES)
        return conclude(deny, allowed);
    if (!is_own) {
        enum verdict granted = either(grants.by[NAMED_ACCOUNT],
                                      either(grants.by[NAMED_ROLE], grants.by[NAMED_CALLER]));

        if (granted == NO)
            return denied(POLICY_RESOURCE, false);
        allowed = both(allowed, granted);
    }
    rest = caller->kind == CALLER_ROOT && !identity->is_given ? YES
                                                              : say_all(&asking, identity, false);
    if (is_own)
        rest = either(rest, grants.by[NAMED_ROLE]);
    if (rest == NO && direct == NO)
        return denied(POLICY_IDENTITY, false);
    if (limit(&asking, limits, COUNT(limits), &rest, &decision)) {
        if (direct == NO)
            return decision;
        rest = NO;
    }
    return conclude(deny, both(allowed, either(direct, rest)));
}

/* --- what the caller is told --- */

static const char *const reasons[][2] = {
    [POLICY_IDENTITY] = { "an identity-based policy", "identity-based policy" },
    [POLICY_BOUNDARY] = { "a permissions boundary", "permissions boundary" },
    [POLICY_SESSION] = { "a session policy", "session policy" },
    [POLICY_SERVICE_CONTROL] = { "a service control policy", "service control policy" },
    [POLICY_RESOURCE_CONTROL] = { "a resource control policy", "resource control policy" },
    [POLICY_ENDPOINT] = { "a VPC endpoint policy", "VPC endpoint policy" },
    [POLICY_RESOURCE] = { "a resource-based policy", "resource-based policy" },
};

struct span policy_denial(struct arena *arena, const struct policy_caller *caller,
                          const struct policy_question *question,
                          const struct policy_decision *decision)
{
    struct span start = arena_print(
        arena,
        "User: %.*s is not authorized to perform: dynamodb:%.*s on resource: "
        "%.*s",
        SPAN_PRINT(caller->arn), SPAN_PRINT(question->action), SPAN_PRINT(question->resource));

    if (decision->is_explicit)
        return arena_print(arena, "%.*s with an explicit deny in %s", SPAN_PRINT(start),
                           reasons[decision->kind][0]);
    return arena_print(arena, "%.*s because no %s allows the dynamodb:%.*s action",
                       SPAN_PRINT(start), reasons[decision->kind][1], SPAN_PRINT(question->action));
}
