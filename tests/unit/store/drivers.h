/* tests/unit/store/drivers.h - STORE_TEST: one claim, tried on every driver. */
#pragma once

#include "../test.h"

#include "store/store.h"

/* Opens an empty store of each driver in turn and runs the claim with a connection to it. */
void on_every_driver(struct test *t, void (*claim)(struct test *t, struct store *store,
                                                   struct store_connection *c));

/* An empty database file in a new directory, removed when the process ends. */
const char *new_path(struct test *t, const char *name);

/* A store over that file (NULL: in memory); fails the test when it is refused. */
struct store *open_store(struct test *t, const char *path);

#define STORE_TEST(claim)                                                                       \
    static void claim##_holds(struct test *t, struct store *store, struct store_connection *c); \
    TEST(claim)                                                                                 \
    {                                                                                           \
        on_every_driver(t, claim##_holds);                                                      \
    }                                                                                           \
    static void claim##_holds(__attribute__((unused)) struct test *t,                           \
                              __attribute__((unused)) struct store *store,                      \
                              struct store_connection *c)
