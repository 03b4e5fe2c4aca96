/* engine/cancellation.c - the reasons in the members' order, in the message and in full. */
#include "engine/cancellation.h"

#include "base/arena.h"
#include "base/buffer.h"

/* spec: TransactionCanceledException, Code of a cancellation reason */
static const struct {
    enum error_code error;
    const char *reason;
} codes[] = {
    { ERR_CONDITIONAL_CHECK_FAILED, "ConditionalCheckFailed" },
    { ERR_ITEM_COLLECTION_SIZE_LIMIT_EXCEEDED, "ItemCollectionSizeLimitExceeded" },
    { ERR_TRANSACTION_CONFLICT, "TransactionConflict" },
    { ERR_PROVISIONED_THROUGHPUT_EXCEEDED, "ProvisionedThroughputExceeded" },
    { ERR_THROTTLING, "ThrottlingError" },
    { ERR_VALIDATION, "ValidationError" },
    { ERR_DUPLICATE_ITEM, "DuplicateItem" },
};

/* NULL when the error is no reason. */
static const char *code_of(const struct error *error)
{
    if (error == NULL)
        return "None";
    for (size_t i = 0; i < COUNT(codes); i++)
        if (codes[i].error == error->code)
            return codes[i].reason;
    return NULL;
}

bool cancellation_has_reason(const struct error *error)
{
    return error && code_of(error);
}

static void write_reason(const struct error *refusal, struct buffer *out)
{
    buffer_append_literal(out, "{\"Code\":\"");
    buffer_append_span(out, span_from(code_of(refusal)));
    buffer_append_char(out, '"');
    if (refusal) {
        buffer_append_span(out, refusal->members); /* the old item */
        buffer_append_literal(out, ",\"Message\":");
        buffer_append_json_string(out, refusal->message);
    }
    buffer_append_char(out, '}');
}

static struct error *make(struct arena *arena, struct error *const *refusals, size_t count,
                          struct buffer *out)
{
    struct error *error;
    struct span message;

    buffer_append_literal(out, "Transaction cancelled, please refer cancellation reasons for "
                               "specific reasons [");
    for (size_t i = 0; i < count; i++) {
        buffer_append_span(out, i > 0 ? SPAN(", ") : SPAN(""));
        buffer_append_span(out, span_from(code_of(refusals[i])));
    }
    buffer_append_char(out, ']');
    message = arena_copy(arena, buffer_span(out));
    error = fail_with(arena, ERR_TRANSACTION_CANCELED, message);

    buffer_empty(out);
    buffer_append_literal(out, ",\"CancellationReasons\":[");
    for (size_t i = 0; i < count; i++) {
        buffer_append_span(out, i > 0 ? SPAN(",") : SPAN(""));
        write_reason(refusals[i], out);
    }
    buffer_append_char(out, ']');
    error->members = arena_copy(arena, buffer_span(out));
    return error;
}

struct error *cancellation_make(struct arena *arena, struct error *const *refusals, size_t count)
{
    struct error *error = NULL;
    struct buffer text;
    size_t refused = 0;

    for (size_t i = 0; i < count; i++)
        refused += refusals[i] != NULL;
    if (refused == 0)
        return NULL;
    buffer_init(&text);
    error = make(arena, refusals, count, &text);
    buffer_fini(&text);
    return error;
}
