/* engine/catalog_edit.h - changing the catalog, for exec_control alone.
 *
 * All of it happens inside the session's writing transaction, in the store and in memory at once;
 * a rollback makes the session read the catalog anew. Errors are the store's. */
#pragma once

#include "base/error.h"
#include "engine/request.h"
#include "plan/table.h"

/* Adds a table, or replaces the one of its namespace and name. *published is the catalog's copy. */
MUST_USE struct error *catalog_put(struct session *session, const struct table *table,
                                   const struct table **published);

/* The description itself stays readable until the end of the turn. */
MUST_USE struct error *catalog_remove(struct session *session, const struct table *table);

/* The number of a space that never was in use. */
MUST_USE struct error *catalog_new_space(struct session *session, uint32_t *space);

/* Hands a space to session_sweep. */
MUST_USE struct error *catalog_drop_space(struct session *session, uint32_t space);

/* The namespace that a request's tables stand in. */
struct span catalog_namespace(struct request *req);
