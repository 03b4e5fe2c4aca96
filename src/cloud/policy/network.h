/* cloud/policy/network.h - addresses and ranges of them: 203.0.113.0/24, 2001:db8::1. */
#pragma once

#include "base/span.h"

#include <stdint.h>

enum { NETWORK_BYTES = 16 };

struct network {
    int family;
    uint8_t address[NETWORK_BYTES];
    int prefix_bits;
};

/* A range; an address alone is one of itself. */
bool network_read(struct span text, struct network *network);

/* Is address one, of the same family, and within the range? */
bool network_contains(const struct network *network, struct span address);
