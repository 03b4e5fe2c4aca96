/* engine/authorize.h - the gate of policies: may the request's caller do that?
 *
 * Two looks, because the service refuses before it says whether a table is there, and because what
 * a request reads or writes is known for certain only from its plans:
 *   1. authorize_request, before the operation runs: actions and resources as the request names
 *      them (model/iam.json says where). The keys and attributes that it touches are still unknown,
 *      so this refuses what no key could save, lets through what no key could hinder, and otherwise
 *      leaves it to
 *   2. the doors, which know the plan: key values, attributes, scans.
 * A batch is refused as a whole, so it asks for all of its members before it runs the first one.
 * A request without a caller (req->caller is NULL) may do everything: each call is then one
 * comparison.
 * Errors: AccessDeniedException in AWS's words. */
#pragma once

#include "base/error.h"
#include "base/json.h"
#include "engine/exec.h"

/* input: the request as JSON, valid by the model. It stays in req->input. */
MUST_USE struct error *authorize_request(struct request *req, yyjson_val *input);

/* For what only the operation finds out, as GetRecords does from its iterator. resource is a
 * table's name or any ARN; index may be absent. Key values and attributes count as unknown. */
MUST_USE struct error *authorize_resource(struct request *req, struct span action,
                                          struct span resource, struct span index);

/* A PartiQL statement, before its table is looked up. kind: as its write plan will have it. */
MUST_USE struct error *authorize_select(struct request *req, struct span table, struct span index);
MUST_USE struct error *authorize_statement(struct request *req, struct span table,
                                           enum write_kind kind);

/* The doors. */
MUST_USE struct error *authorize_read(struct request *req, const struct read_plan *plan);
MUST_USE struct error *authorize_write(struct request *req, const struct write_plan *plan);
MUST_USE struct error *authorize_control(struct request *req, const struct control_plan *plan);

/* Batches: all keys that are read of one table; all writes, those of one table side by side, each
 * stride bytes behind the one before. */
MUST_USE struct error *authorize_reads(struct request *req, const struct read_plan *plan,
                                       const struct item_list *keys);
MUST_USE struct error *authorize_writes(struct request *req, const struct write_plan *first,
                                        size_t stride, size_t count);
