/* engine/catalog_internal.h - a session's catalog, for engine/catalog*.c alone. */
#pragma once

#include "base/error.h"
#include "engine/catalog_map.h"

struct session;

struct catalog {
    struct session *session;
    struct catalog_map map;
    bool is_loaded;
    bool is_forgotten;    /* rolled back: nothing that is held may be taken for the stored one */
    int64_t version;      /* of what is held */
    uint64_t alone_since; /* when it was looked at, see struct session */
    struct error damaged;
};

/* Does the catalog hold what is stored, for sure and without looking? Then no transaction is needed
 * to find a table. */
bool catalog_is_current(const struct catalog *catalog);
