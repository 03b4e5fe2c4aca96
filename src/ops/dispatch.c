/* ops/dispatch.c - finds the operation, and runs it between decoding and encoding. */
#include "ops/dispatch.h"

#include "operations.h"

#include "api/decode.h"
#include "api/encode.h"
#include "api/validate.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "engine/authorize.h"

static const struct {
    struct span prefix;
    bool is_stream;
} services[] = {
    { { "DynamoDB_20120810.", 18 }, false },
    { { "DynamoDBStreams_20120810.", 25 }, true },
};

enum { SERVICE_COUNT = sizeof(services) / sizeof(services[0]) };

/* NULL when the API has no such operation, or this program does not carry it out. */
static const struct operation *find_by_name(struct span name)
{
    size_t low = 0;
    size_t high = OPERATIONS_COUNT;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = span_compare(name, operations[middle].signature->name);

        if (order == 0)
            return operations[middle].run ? &operations[middle] : NULL;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* The same for "DynamoDB_20120810.PutItem". */
static const struct operation *find_operation(struct span target)
{
    for (size_t i = 0; i < SERVICE_COUNT; i++) {
        struct span prefix = services[i].prefix;
        const struct operation *operation;

        if (!span_starts_with(target, prefix))
            continue;
        operation =
            find_by_name((struct span){ target.data + prefix.size, target.size - prefix.size });
        if (operation && operation->signature->is_stream == services[i].is_stream)
            return operation;
    }
    return NULL;
}

static struct error *parse(struct request *req, const struct operation *operation, struct span body,
                           struct call *call)
{
    call->input = json_parse(req->arena, body, NULL);
    if (!call->input)
        return fail_with(req->arena, ERR_SERIALIZATION, (struct span){ 0 });
    call->operation = operation;
    if (!call->operation)
        return fail_with(req->arena, ERR_UNKNOWN_OPERATION, (struct span){ 0 });
    req->operation = call->operation->signature->name;
    return NULL;
}

struct error *dispatch_parse(struct request *req, struct span target, struct span body,
                             struct call *call)
{
    return parse(req, find_operation(target), body, call);
}

struct error *dispatch_parse_named(struct request *req, struct span name, struct span body,
                                   struct call *call)
{
    return parse(req, find_by_name(name), body, call);
}

struct error *dispatch_run(struct request *req, const struct call *call, struct buffer *out)
{
    const struct signature *signature = call->operation->signature;
    void *input = arena_alloc(req->arena, 1, signature->input->size);
    void *output = NULL;
    bool is_doubtful = false;

    TRY(decode_input(req->arena, signature->input, call->input, input, &is_doubtful));
    if (is_doubtful)
        TRY(validate_input(req->arena, req->validator, signature, call->input));
    TRY(authorize_request(req, call->input));
    if (signature->output)
        output = arena_alloc(req->arena, 1, signature->output->size);
    TRY(call->operation->run(req, input, output));
    if (signature->output)
        encode_output(signature->output, output, out);
    return NULL;
}

struct error *dispatch_resume(struct request *req, const struct call *call, struct buffer *out)
{
    struct held *held = req->held;
    struct error *error;

    req->resumed = held;
    req->held = NULL;
    error = dispatch_run(req, call, out);
    req->resumed = NULL;
    session_drop_held(req->session, held);
    return error;
}
