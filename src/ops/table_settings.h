/* ops/table_settings.h - stream, encryption and class of a table, as CreateTable and UpdateTable
 * take them. Errors: ERR_VALIDATION. */
#pragma once

#include "base/error.h"
#include "engine/request.h"
#include "plan/table.h"

/* CreateTable; in may be NULL. */
MUST_USE struct error *table_settings_stream(struct arena *arena,
                                             const struct stream_specification *in,
                                             struct table *table);

/* UpdateTable: what can be said without the table, then with it. */
MUST_USE struct error *table_settings_check_stream(struct arena *arena,
                                                   const struct stream_specification *in);
MUST_USE struct error *table_settings_change_stream(struct arena *arena,
                                                    const struct stream_specification *in,
                                                    struct table *table);

/* Both operations; in may be NULL. */
MUST_USE struct error *table_settings_check_sse(struct arena *arena,
                                                const struct sse_specification *in);

/* table has region and account. */
void table_settings_encrypt(struct arena *arena, const struct sse_specification *in,
                            struct table *table);
MUST_USE struct error *table_settings_change_sse(struct arena *arena,
                                                 const struct sse_specification *in,
                                                 struct table *table);
