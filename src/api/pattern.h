/* api/pattern.h - the few patterns of the API models, each as a function over the whole text.
 *
 * Pure. The generated tables refer to them by name (tools/gen_tables.py). */
#pragma once

#include "base/span.h"

#include <stdint.h>

bool pattern_name(struct span text);       /* [a-zA-Z0-9_.-]+ */
bool pattern_no_dollar(struct span text);  /* ^[^\$]+$ */
bool pattern_bucket(struct span text);     /* ^[a-z0-9A-Z]+[\.\-\w]*[a-z0-9A-Z]+$ */
bool pattern_account(struct span text);    /* [0-9]{12} */
bool pattern_print(struct span text);      /* \p{Print}+ */
bool pattern_delimiter(struct span text);  /* [,;:|\t ] */
bool pattern_csv_header(struct span text); /* printable ASCII but quote and comma, any number */
bool pattern_hex_blocks(struct span text); /* ([0-9a-f]{16})+ */
bool pattern_no_control(struct span text); /* no control characters but \r \n \t */

/* A text's length as the service measures it: in UTF-16 units. */
int64_t pattern_units(struct span text);
