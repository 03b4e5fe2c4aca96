/* cli/credentials.h - the file of --credentials: keys, and the policies of who holds them.
 *
 * JSON or YAML; docs/iam.md describes it. */
#pragma once

#include "auth/keyring.h"
#include "cloud/policy/principals.h"

/* *principals is NULL when the file is a list of keys alone. false: *problem says what is wrong, as
 * "FILE:LINE:COLUMN: what: what to do". Who gets them closes them. */
MUST_USE bool credentials_open(struct arena *arena, struct span path, struct keyring **keyring,
                               struct principals **principals, struct span *problem);

/* A YAML document as JSON whose values stand on the same lines, so that what is said about the JSON
 * is true of the YAML. All scalars become texts. */
MUST_USE struct error *credentials_json_of_yaml(struct arena *arena, struct span path,
                                                struct span yaml, struct span *json);
