/* engine/capacity.h - bytes to capacity units: 4 KB a read unit, 1 KB a write unit, rounded up, at
 * least one. Reads are counted in halves, so that eventually consistent ones stay whole numbers. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { READ_UNIT_BYTES = 4096, WRITE_UNIT_BYTES = 1024 };

static inline uint64_t capacity_half_rcus(uint64_t bytes, bool is_consistent)
{
    uint64_t units = bytes ? (bytes + READ_UNIT_BYTES - 1) / READ_UNIT_BYTES : 1;

    return is_consistent ? 2 * units : units;
}

static inline uint64_t capacity_wcus(uint64_t bytes)
{
    return bytes ? (bytes + WRITE_UNIT_BYTES - 1) / WRITE_UNIT_BYTES : 1;
}
