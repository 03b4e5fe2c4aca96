/* server/listener.c - resolving, binding and listening, with words for what can go wrong. */
#include "server/listener.h"

#include "base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 1024 };

/* The kernel spreads connections among sockets of one port on Linux alone; elsewhere the workers
 * share one socket. */
#ifdef __linux__
static const bool has_own_sockets = true;
#else
static const bool has_own_sockets = false;
#endif

struct address {
    struct sockaddr_storage socket;
    socklen_t size;
};

static bool resolve(struct arena *arena, const char *host, uint16_t port, struct address *address,
                    struct span *problem)
{
    const struct addrinfo wish = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
    struct addrinfo *found = NULL;
    int code = getaddrinfo(host, NULL, &wish, &found);

    if (code != 0) {
        *problem = arena_print(arena, "cannot listen on %s: %s: choose another with --host", host,
                               gai_strerror(code));
        return false;
    }
    memcpy(&address->socket, found->ai_addr, found->ai_addrlen);
    address->size = found->ai_addrlen;
    if (address->socket.ss_family == AF_INET6)
        ((struct sockaddr_in6 *)&address->socket)->sin6_port = htons(port);
    else
        ((struct sockaddr_in *)&address->socket)->sin_port = htons(port);
    freeaddrinfo(found);
    return true;
}

static uint16_t port_of(const struct address *address)
{
    return ntohs(address->socket.ss_family == AF_INET6
                     ? ((const struct sockaddr_in6 *)&address->socket)->sin6_port
                     : ((const struct sockaddr_in *)&address->socket)->sin_port);
}

/* A bound socket, or -1 with errno. Takes over the port that the kernel chose. */
static int bind_socket(struct address *address, bool shares_port)
{
    const int on = 1;
    int fd = socket(address->socket.ss_family, SOCK_STREAM, 0);
    bool is_bound;
    int reason;

    if (fd < 0)
        return -1;
    is_bound = fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 &&
               setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
               (!shares_port || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) == 0) &&
               bind(fd, (const struct sockaddr *)&address->socket, address->size) == 0 &&
               listen(fd, BACKLOG) == 0 &&
               getsockname(fd, (struct sockaddr *)&address->socket, &address->size) == 0;
    if (is_bound)
        return fd;
    reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

static int open_sockets(struct address *address, uint32_t count, int *sockets)
{
    bool shares_port = count > 1 && has_own_sockets;
    uint32_t opened = 0;
    int reason;

    /* Sockets that share a port would also share it with another server of this user: ask first
     * for the port alone. */
    if (shares_port) {
        int probe = bind_socket(address, false);

        if (probe < 0)
            return errno;
        close(probe);
    }
    while (opened < count) {
        int fd =
            opened > 0 && !has_own_sockets ? dup(sockets[0]) : bind_socket(address, shares_port);

        if (fd < 0)
            break;
        sockets[opened++] = fd;
    }
    if (opened == count)
        return 0;
    reason = errno;
    while (opened > 0)
        close(sockets[--opened]);
    return reason;
}

static struct span describe(struct arena *arena, const char *host, uint16_t port, int reason)
{
    const char *brackets[] = { strchr(host, ':') ? "[" : "", strchr(host, ':') ? "]" : "" };

    switch (reason) {
    case EADDRINUSE:
        return arena_print(
            arena, "cannot listen on %s%s%s:%u: address already in use: choose another with --port",
            brackets[0], host, brackets[1], port);
    case EACCES:
        return arena_print(
            arena, "cannot listen on %s%s%s:%u: permission denied: choose a --port above 1023",
            brackets[0], host, brackets[1], port);
    case EADDRNOTAVAIL:
        return arena_print(arena,
                           "cannot listen on %s%s%s:%u: this machine has no such address: choose "
                           "another with --host",
                           brackets[0], host, brackets[1], port);
    default:
        return arena_print(arena, "cannot listen on %s%s%s:%u: %s: try another --host or --port",
                           brackets[0], host, brackets[1], port, strerror(reason));
    }
}

bool listener_open(struct arena *arena, const char *host, uint16_t port, uint32_t count,
                   int *sockets, struct span *url, struct span *problem)
{
    struct address address = { 0 };
    bool is_v6 = strchr(host, ':') != NULL;
    int reason;

    if (!resolve(arena, host, port, &address, problem))
        return false;
    reason = open_sockets(&address, count, sockets);
    if (reason != 0) {
        *problem = describe(arena, host, port, reason);
        return false;
    }
    *url = arena_print(arena, "http://%s%s%s:%u", is_v6 ? "[" : "", host, is_v6 ? "]" : "",
                       port_of(&address));
    return true;
}
