/* server/peer.h - where a connection comes from. */
#pragma once

#include <stdbool.h>
#include <uv.h>

enum { PEER_ADDRESS_BYTES = 46 }; /* of the longest, and a NUL */

bool peer_is_loopback(const uv_tcp_t *tcp);

/* The address as text, one of IPv4 also where it came mapped into IPv6; empty when unknown. */
void peer_address(const uv_tcp_t *tcp, char text[PEER_ADDRESS_BYTES]);
