/* server/peer.c - telling this machine's own connections from others. */
#include "server/peer.h"

#include <netinet/in.h>
#include <string.h>

bool peer_is_loopback(const uv_tcp_t *tcp)
{
    enum { LOOPBACK_NET = 127 };
    struct sockaddr_storage address;
    int size = sizeof(address);
    const uint8_t *v4 = NULL;

    if (uv_tcp_getpeername(tcp, (struct sockaddr *)&address, &size) != 0)
        return false;
    if (address.ss_family == AF_INET) {
        v4 = (const uint8_t *)&((const struct sockaddr_in *)&address)->sin_addr;
    } else if (address.ss_family == AF_INET6) {
        const struct in6_addr *v6 = &((const struct sockaddr_in6 *)&address)->sin6_addr;

        if (IN6_IS_ADDR_LOOPBACK(v6))
            return true;
        if (IN6_IS_ADDR_V4MAPPED(v6))
            v4 = v6->s6_addr + 12;
    }
    return v4 && v4[0] == LOOPBACK_NET;
}

void peer_address(const uv_tcp_t *tcp, char text[PEER_ADDRESS_BYTES])
{
    static const char mapped[] = "::ffff:";
    struct sockaddr_storage address;
    int size = sizeof(address);

    text[0] = '\0';
    if (uv_tcp_getpeername(tcp, (struct sockaddr *)&address, &size) != 0 ||
        uv_ip_name((const struct sockaddr *)&address, text, PEER_ADDRESS_BYTES) != 0)
        return;
    if (strncmp(text, mapped, sizeof(mapped) - 1) == 0 && strchr(text, '.'))
        memmove(text, text + sizeof(mapped) - 1, strlen(text) - sizeof(mapped) + 2);
}
