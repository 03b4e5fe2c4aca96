/* ops/voice.c - the envelope of value and expression errors. */
#include "ops/voice.h"

static const struct voice older = { WORDING_OLDER, "" };

struct voice voice_of_write(const struct request *req)
{
    if (req->validator == VALIDATOR_CLASSIC)
        return older;
    return (struct voice){ WORDING_NEWER, "1 validation error detected: " };
}

struct voice voice_of_read(const struct request *req)
{
    if (req->validator == VALIDATOR_CLASSIC)
        return older;
    return (struct voice){ WORDING_NEWER, "" };
}

struct voice voice_of_batch(const struct request *req)
{
    (void)req;
    return older;
}

struct error *voice_say(struct arena *arena, struct voice voice, struct error *error)
{
    if (error == NULL || error->code != ERR_VALIDATION || voice.prefix[0] == '\0')
        return error;
    return fail_prefixed(arena, voice.prefix, error);
}
