/* ops/voice.h - which validator speaks for an operation, and how it puts a value or expression
 * error into its envelope.
 *
 * spec: since June 2026 PutItem, UpdateItem and DeleteItem prefix these errors in most Regions;
 * GetItem, BatchGetItem and Query give them bare in the newer words; batch writes, transactions and
 * Scan still speak the older ones. `--validator classic`: the older words everywhere, bare. */
#pragma once

#include "base/error.h"
#include "engine/request.h"

struct voice {
    enum wording wording;
    const char *prefix; /* "" for bare */
};

struct voice voice_of_write(const struct request *req); /* PutItem, UpdateItem, DeleteItem */
struct voice voice_of_read(const struct request *req);  /* GetItem, BatchGetItem, Query */
struct voice voice_of_batch(const struct request *req); /* batch writes, transactions, Scan */

/* NULL stays NULL; only validation errors get the prefix. */
MUST_USE struct error *voice_say(struct arena *arena, struct voice voice, struct error *error);
