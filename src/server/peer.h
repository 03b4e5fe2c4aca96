/* server/peer.h - where a connection comes from. */
#pragma once

#include <stdbool.h>
#include <uv.h>

bool peer_is_loopback(const uv_tcp_t *tcp);
