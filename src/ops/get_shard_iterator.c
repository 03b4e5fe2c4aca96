/* ops/get_shard_iterator.c - GetShardIterator: where in a shard to begin reading. */
#include "operations.h"

#include "base/arena.h"
#include "engine/exec.h"
#include "engine/sequence.h"
#include "ops/shard_iterator.h"
#include "ops/stream_arn.h"

static bool is_by_number(const struct get_shard_iterator_input *in)
{
    return in->shard_iterator_type == SHARD_ITERATOR_TYPE_AT_SEQUENCE_NUMBER ||
           in->shard_iterator_type == SHARD_ITERATOR_TYPE_AFTER_SEQUENCE_NUMBER;
}

static struct error *check_number(struct request *req, const struct get_shard_iterator_input *in,
                                  int64_t *number)
{
    *number = 0;
    if (!is_by_number(in))
        return NULL;
    if (in->sequence_number.data == NULL)
        return fail(req->arena, ERR_VALIDATION,
                    "1 validation error detected: Value null at 'sequenceNumber' failed to satisfy "
                    "constraint: Member must not be null");
    if (!sequence_read(in->sequence_number, number))
        return fail(req->arena, ERR_VALIDATION, "Invalid SequenceNumber");
    return NULL;
}

/* A number that this shard never had, and never will have had. */
static struct error *check_range(struct request *req, const struct stream_shard *shard,
                                 int64_t number)
{
    int64_t last = shard->last_sequence;

    if (last == 0) {
        TRY(exec_next_sequence(req, &last));
        last--;
    }
    if (number >= shard->first_sequence && number <= last)
        return NULL;
    return fail(req->arena, ERR_VALIDATION, "Invalid SequenceNumber");
}

static struct error *find_place(struct request *req, const struct get_shard_iterator_input *in,
                                const struct stream_shard *shard, int64_t number, int64_t *from)
{
    switch (in->shard_iterator_type) {
    case SHARD_ITERATOR_TYPE_TRIM_HORIZON:
        *from = shard->trimmed_sequence ? shard->trimmed_sequence + 1 : shard->first_sequence;
        return NULL;
    case SHARD_ITERATOR_TYPE_LATEST: return exec_next_sequence(req, from);
    case SHARD_ITERATOR_TYPE_AT_SEQUENCE_NUMBER:
    case SHARD_ITERATOR_TYPE_AFTER_SEQUENCE_NUMBER:
        TRY(check_range(req, shard, number));
        *from = number;
        if (in->shard_iterator_type == SHARD_ITERATOR_TYPE_AFTER_SEQUENCE_NUMBER)
            ++*from;
        return exec_check_trimmed(req, shard, *from);
    case SHARD_ITERATOR_TYPE_ABSENT: break;
    }
    return NULL;
}

struct error *get_shard_iterator(struct request *req, const struct get_shard_iterator_input *in,
                                 struct get_shard_iterator_output *out)
{
    struct shard_iterator iterator = { .made_ms = exec_now_ms(req) };
    struct table_stream stream;
    struct stream_shard shard;
    int64_t number;

    TRY(check_number(req, in, &number));
    TRY(stream_arn_find(req, in->stream_arn, &stream));
    TRY(exec_find_shard(req, &stream, in->shard_id, &shard));
    TRY(find_place(req, in, &shard, number, &iterator.from));
    iterator.stream_arn = stream.arn;
    iterator.shard_id = shard.id;
    out->shard_iterator = shard_iterator_write(req->arena, &iterator);
    return NULL;
}
