/* base/random.c - xoshiro256** seeded through splitmix64. */
#include "base/random.h"

#include "base/clock.h"

#include <string.h>
#include <sys/random.h>
#include <unistd.h>

void random_init(struct random *random, uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        uint64_t word = (seed += 0x9e3779b97f4a7c15ULL);

        word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9ULL;
        word = (word ^ (word >> 27)) * 0x94d049bb133111ebULL;
        random->state[i] = word ^ (word >> 31);
    }
}

static uint64_t rotate(uint64_t word, int bits)
{
    return (word << bits) | (word >> (64 - bits));
}

uint64_t random_next(struct random *random)
{
    uint64_t *s = random->state;
    uint64_t result = rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

uint64_t random_below(struct random *random, uint64_t bound)
{
    uint64_t reject_below = (0 - bound) % bound;
    uint64_t word = random_next(random);

    while (word < reject_below)
        word = random_next(random);
    return word % bound;
}

void random_text(struct random *random, const char *alphabet, char *text, size_t count)
{
    size_t letters = strlen(alphabet);

    for (size_t i = 0; i < count; i++)
        text[i] = alphabet[random_below(random, letters)];
}

uint64_t random_seed(void)
{
    uint64_t seed = 0;

    if (getentropy(&seed, sizeof(seed)) != 0)
        seed = (uint64_t)clock_steady_us() ^ (uint64_t)getpid() << 32;
    return seed;
}

void random_uuid(struct random *random, char uuid[37])
{
    static const char form[] = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
    static const char hex[] = "0123456789abcdef";

    for (size_t i = 0; i < sizeof(form); i++) {
        if (form[i] == 'x')
            uuid[i] = hex[random_below(random, 16)];
        else if (form[i] == 'y')
            uuid[i] = hex[8 + random_below(random, 4)];
        else
            uuid[i] = form[i];
    }
}
