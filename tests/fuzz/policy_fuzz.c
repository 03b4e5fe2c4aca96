/* tests/fuzz/policy_fuzz.c - any text as a policy document, as a credentials file, and as a value
 * of the request that a policy's wildcards meet. */
#include "auth/keyring.h"
#include "base/arena.h"
#include "cloud/policy/principals.h"

#include <string.h>

enum { FUZZ_BYTES_MAX = 256 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void decide(struct arena *arena, struct policy *policy, enum policy_kind kind,
                   struct span value)
{
    struct policy_caller caller = { .kind = CALLER_USER,
                                    .arn = SPAN("arn:aws:iam::123456789012:user/a"),
                                    .account = SPAN("123456789012") };
    struct policy_context context;
    struct policy_question question = {
        .action = SPAN("GetItem"),
        .resource = SPAN("arn:aws:dynamodb:eu-west-1:123456789012:table/Tab"),
        .resource_account = SPAN("123456789012"),
        .context = &context,
    };
    struct policy_decision open;
    struct policy_decision closed;

    if (kind == POLICY_RESOURCE)
        question.resource_policy = policy;
    else
        caller.policies[kind] = (struct policy_list){ true, 1, policy };
    context_init(&context, arena);
    context_add(&context, SPAN("aws:username"), value);
    context_add(&context, SPAN("aws:SourceIp"), value);
    context_add_unknown(&context, SPAN("dynamodb:LeadingKeys"));
    open = policy_decide(&caller, &question);
    context_add(&context, SPAN("dynamodb:LeadingKeys"), value);
    closed = policy_decide(&caller, &question);
    /* what is decided without a key stays so with it */
    if (closed.outcome == POLICY_DEPENDS ||
        (open.outcome != POLICY_DEPENDS && open.outcome != closed.outcome))
        __builtin_trap();
    if (closed.outcome == POLICY_DENIED &&
        policy_denial(arena, &caller, &question, &closed).size == 0)
        __builtin_trap();
}

static void try_policy(struct arena *arena, struct span text, struct span value,
                       enum policy_kind kind)
{
    struct json_source source = { .file = SPAN("f"), .text = text };
    struct span problem = { NULL, 0 };
    struct policy policy;
    yyjson_val *json = json_source_parse(arena, &source, &problem);

    if (json && policy_parse(arena, &source, json, kind, &policy, &problem))
        decide(arena, &policy, kind, value);
    else if (problem.size == 0)
        __builtin_trap(); /* refused without a reason */
}

/* Up to the first line end a value, the rest a document. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = { (const char *)data, size };
    const char *end = size ? memchr(text.data, '\n', size) : NULL;
    struct arena *arena = arena_open(FUZZ_BYTES_MAX);
    struct span value = { text.data, end ? (size_t)(end - text.data) : 0 };
    struct principals *principals = NULL;
    struct keyring *keyring = NULL;
    struct span problem;

    if (end)
        text = (struct span){ end + 1, size - value.size - 1 };
    try_policy(arena, text, value, POLICY_IDENTITY);
    try_policy(arena, text, value, POLICY_RESOURCE);
    if (principals_open(arena, SPAN("f"), text, &principals, &problem))
        principals_close(principals);
    if (keyring_open(arena, SPAN("f"), text, &keyring, &problem))
        keyring_close(keyring);
    arena_close(arena);
    return 0;
}
