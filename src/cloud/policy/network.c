/* cloud/policy/network.c - CIDR notation. */
#include "cloud/policy/network.h"

#include "cloud/policy/text.h"

#include <arpa/inet.h>
#include <string.h>

enum { V4_BITS = 32, V6_BITS = 128 };

static bool read_bits(struct span text, int most, int *bits)
{
    int value = 0;

    if (text.size == 0 || text.size > 3)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        value = value * 10 + (text.data[i] - '0');
    }
    *bits = value;
    return value <= most;
}

bool network_read(struct span text, struct network *network)
{
    bool has_bits = text.size > 0 && memchr(text.data, '/', text.size) != NULL;
    struct span address = text_cut(&text, '/');
    char terminated[INET6_ADDRSTRLEN];
    int most;

    *network = (struct network){ .family = AF_INET };
    if (address.size == 0 || address.size >= sizeof(terminated))
        return false;
    memcpy(terminated, address.data, address.size);
    terminated[address.size] = '\0';
    if (strchr(terminated, ':'))
        network->family = AF_INET6;
    if (inet_pton(network->family, terminated, network->address) != 1)
        return false;
    most = network->family == AF_INET ? V4_BITS : V6_BITS;
    network->prefix_bits = most;
    return !has_bits || read_bits(text, most, &network->prefix_bits);
}

bool network_contains(const struct network *network, struct span address)
{
    size_t whole = (size_t)network->prefix_bits / 8;
    int rest = network->prefix_bits % 8;
    struct network one;

    if (!network_read(address, &one) || one.family != network->family)
        return false;
    if (memcmp(one.address, network->address, whole) != 0)
        return false;
    return rest == 0 || ((one.address[whole] ^ network->address[whole]) >> (8 - rest)) == 0;
}
