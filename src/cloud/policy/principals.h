/* cloud/policy/principals.h - who may sign, and what is attached to them: the part of the file of
 * --credentials that is about permissions (auth/keyring.h reads the keys themselves).
 *
 * docs/iam.md describes the file. Read once; read-only afterwards, on any thread. */
#pragma once

#include "base/compiler.h"
#include "base/span.h"
#include "cloud/policy/evaluate.h"

struct arena;
struct principals;

/* text is JSON; file is its name, for places. *principals is NULL when the file is a plain list of
 * keys: those may do everything. false: *problem, in the arena, says what is wrong. */
MUST_USE bool principals_open(struct arena *arena, struct span file, struct span text,
                              struct principals **principals, struct span *problem);
void principals_close(struct principals *principals);

/* Whose key that is; NULL when it is nobody's. */
const struct policy_caller *principals_find(const struct principals *principals,
                                            struct span access_key);
