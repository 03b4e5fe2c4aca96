/* engine/sequence.c - one counter, read once a transaction and written once at its end. */
#include "engine/sequence.h"

#include "base/arena.h"
#include "engine/counter.h"
#include "engine/session.h"

#include <inttypes.h>

/* spec: 21 to 40 digits */
enum { DIGITS = 21 };

static const struct span sequence_key = { "next-sequence", 13 };

struct error *sequence_peek(struct session *session, int64_t *number)
{
    struct sequence *sequence = &session->sequence;

    if (!sequence->is_known) {
        TRY(counter_read(session, sequence_key, &sequence->next));
        if (sequence->next == 0)
            sequence->next = 1;
        sequence->is_known = true;
    }
    *number = sequence->next;
    return NULL;
}

struct error *sequence_take(struct session *session, int64_t *number)
{
    TRY(sequence_peek(session, number));
    session->sequence.next++;
    session->sequence.is_changed = true;
    return NULL;
}

struct error *sequence_store(struct session *session)
{
    if (!session->sequence.is_changed)
        return NULL;
    return counter_write(session, sequence_key, session->sequence.next);
}

void sequence_forget(struct session *session)
{
    session->sequence = (struct sequence){ 0 };
}

struct span sequence_text(struct arena *arena, int64_t number)
{
    return arena_print(arena, "1%0*" PRId64, DIGITS - 1, number);
}

bool sequence_read(struct span text, int64_t *number)
{
    size_t zeros = 0;

    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    while (zeros < text.size && text.data[zeros] == '0')
        zeros++;
    text = (struct span){ text.data + zeros, text.size - zeros };
    *number = text.size < DIGITS ? 0 : INT64_MAX;
    if (text.size != DIGITS || text.data[0] != '1')
        return true;
    *number = 0;
    for (size_t i = 1; i < text.size; i++) {
        int digit = text.data[i] - '0';

        if (*number > (INT64_MAX - digit) / 10) {
            *number = INT64_MAX;
            return true;
        }
        *number = *number * 10 + digit;
    }
    return true;
}
