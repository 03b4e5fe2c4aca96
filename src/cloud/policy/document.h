/* cloud/policy/document.h - an IAM policy document, parsed and checked.
 *
 * A document is read once and read-only from then on, on any thread. What could never have been
 * meant is refused: unknown elements, actions, condition keys and operators, versions, ARNs, values
 * that do not fit their operator. Ownership: everything lives in the arena or in the source. */
#pragma once

#include "base/compiler.h"
#include "base/json.h"
#include "cloud/policy/operator.h"
#include "cloud/policy/pattern.h"

enum policy_kind {
    POLICY_IDENTITY,
    POLICY_BOUNDARY,
    POLICY_SESSION,
    POLICY_SERVICE_CONTROL,
    POLICY_RESOURCE_CONTROL,
    POLICY_ENDPOINT,
    POLICY_RESOURCE /* of a table or stream; has principals */
};
enum { POLICY_KINDS = POLICY_RESOURCE }; /* those that belong to a caller */

struct policy_patterns {
    bool is_not; /* NotAction, NotResource */
    size_t count;
    struct pattern *items;
};

struct policy_condition {
    struct policy_operator operator;
    struct span key;
    size_t count;
    struct pattern *values;
};

enum principal_kind { PRINCIPAL_AWS, PRINCIPAL_SERVICE, PRINCIPAL_FEDERATED, PRINCIPAL_CANONICAL };

struct policy_principal_name {
    enum principal_kind kind;
    struct span text; /* "*", twelve digits, an ARN, a service */
};

struct policy_statement {
    struct span sid; /* absent: none */
    bool is_deny;
    struct policy_patterns actions;
    struct policy_patterns resources; /* count 0: none given, all */
    bool is_not_principal;
    size_t principal_count;
    struct policy_principal_name *principals;
    size_t condition_count;
    struct policy_condition *conditions;
};

struct policy {
    size_t count;
    struct policy_statement *statements;
};

/* false: *problem is "FILE:LINE:COLUMN: what is wrong: what to do". source is what json was parsed
 * from, with numbers raw. */
MUST_USE bool policy_parse(struct arena *arena, const struct json_source *source, yyjson_val *json,
                           enum policy_kind kind, struct policy *policy, struct span *problem);
