/* server/listener.h - sockets that accept connections for the workers. */
#pragma once

#include "base/compiler.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* Opens count listening sockets on one address, in sockets; the kernel spreads connections among
 * them. *url is "http://host:port" with the port that was taken. false: *problem says why. */
MUST_USE bool listener_open(struct arena *arena, const char *host, uint16_t port, uint32_t count,
                            int *sockets, struct span *url, struct span *problem);
