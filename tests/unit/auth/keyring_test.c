/* tests/unit/auth/keyring_test.c - the credentials file: what is found in it, what is refused. */
#include "auth/keyring.h"

#include "../test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool open_text(struct test *t, const char *text, struct keyring **keyring,
                      struct span *problem)
{
    char path[] = "/tmp/stator-keyring-XXXXXX";
    int file = mkstemp(path);
    struct span bytes = span_from(text);
    bool is_open;

    EXPECT(file >= 0, "no file at %s", path);
    EXPECT(write(file, bytes.data, bytes.size) == (ssize_t)bytes.size, "cannot write %s", path);
    close(file);
    is_open = keyring_open(t->arena, path, keyring, problem);
    unlink(path);
    return is_open;
}

TEST(a_key_of_the_file_is_found_with_its_secret_and_token)
{
    struct keyring *keyring = NULL;
    struct span problem;
    const struct sigv4_credentials *key;

    EXPECT(open_text(t,
                     "[{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\"},"
                     "{\"AccessKeyId\":\"B\",\"SecretAccessKey\":\"t\",\"SessionToken\":\"u\"}]",
                     &keyring, &problem),
           "%.*s", SPAN_PRINT(problem));
    key = keyring_find(keyring, SPAN("B"));
    EXPECT(key != NULL && span_is(key->secret, "t") && span_is(key->session_token, "u"), "B");
    key = keyring_find(keyring, SPAN("A"));
    EXPECT(key != NULL && key->session_token.data == NULL, "A");
    EXPECT(keyring_find(keyring, SPAN("C")) == NULL, "C is found");
    keyring_close(keyring);
}

TEST(a_credentials_file_that_says_nothing_clear_is_refused)
{
    static const char *const texts[] = {
        "",
        "[",
        "[]",
        "{}",
        "[1]",
        "[{}]",
        "[{\"AccessKeyId\":\"A\"}]",
        "[{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"\"}]",
        "[{\"AccessKeyId\":\"A\",\"SecretAccessKey\":1}]",
        "[{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\",\"Secret\":\"t\"}]",
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        struct keyring *keyring = NULL;
        struct span problem = { NULL, 0 };

        EXPECT(!open_text(t, texts[i], &keyring, &problem), "accepted: %s", texts[i]);
        EXPECT(problem.size > 0, "no reason for %s", texts[i]);
    }
}

TEST(a_credentials_file_that_is_not_there_is_named)
{
    struct keyring *keyring = NULL;
    struct span problem;

    EXPECT(!keyring_open(t->arena, "/nonexistent/keys.json", &keyring, &problem), "opened");
    EXPECT(span_is(problem, "cannot read /nonexistent/keys.json: No such file or directory"),
           "%.*s", SPAN_PRINT(problem));
}
