/* server/coding.h - gzip and deflate, both ways, over zlib streams that are kept.
 *
 * A struct coding belongs to one worker. Its streams are made when first needed: most servers never
 * see a compressed byte. */
#pragma once

#include "base/compiler.h"
#include "base/span.h"

#include <stddef.h>

struct buffer;
struct coding;

enum coding_kind { CODING_NONE, CODING_GZIP, CODING_DEFLATE };

enum inflate_result { INFLATE_DONE, INFLATE_BROKEN, INFLATE_TOO_LARGE };

struct coding *coding_open(void);
void coding_close(struct coding *coding);

/* The whole of text behind what out holds. What a broken or too large one gave is in out too. */
MUST_USE enum inflate_result coding_inflate(struct coding *coding, enum coding_kind kind,
                                            struct span text, size_t bytes_max, struct buffer *out);

void coding_deflate(struct coding *coding, enum coding_kind kind, struct span text,
                    struct buffer *out);
