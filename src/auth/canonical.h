/* auth/canonical.h - inside auth: the one spelling of a request that both sides hash.
 *
 * Results are written behind what a buffer holds. */
#pragma once

#include "auth/sigv4.h"

struct buffer;

/* Method, path, query, headers in the order of signed_headers ("host;x-amz-date"), and the hash of
 * the body in hex. A signed header that was not sent counts as empty. */
void canonical_request(const struct sigv4_request *request, struct span signed_headers,
                       struct span body_hash, struct arena *arena, struct buffer *out);

/* "content-type;host;x-amz-target": lower case, sorted, each once. */
struct span canonical_header_names(struct arena *arena, const struct sigv4_header *headers,
                                   size_t count);

/* The first header of that name (lower case); absent when there is none. */
struct span canonical_find_header(const struct sigv4_request *request, struct span name);

/* %XX undone; bytes that are no such escape stay. */
struct span canonical_percent_decode(struct arena *arena, struct span text);
