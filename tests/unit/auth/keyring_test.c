/* tests/unit/auth/keyring_test.c - the credentials file: what is found in it, what is refused. */
#include "auth/keyring.h"

#include "../test.h"

static bool open_text(struct test *t, const char *text, struct keyring **keyring,
                      struct span *problem)
{
    return keyring_open(t->arena, SPAN("keys.json"), span_from(text), keyring, problem);
}

TEST(a_key_of_the_file_is_found_with_its_secret_and_token)
{
    struct keyring *keyring = NULL;
    struct span problem;
    const struct keyring_key *key;

    EXPECT(open_text(t,
                     "[{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\"},"
                     "{\"AccessKeyId\":\"B\",\"SecretAccessKey\":\"t\",\"SessionToken\":\"u\","
                     "\"Expiration\":\"1970-01-02T00:00:00Z\"}]",
                     &keyring, &problem),
           "%.*s", SPAN_PRINT(problem));
    key = keyring_find(keyring, SPAN("B"));
    EXPECT(key != NULL && span_is(key->credentials.secret, "t") &&
               span_is(key->credentials.session_token, "u") && key->expires_ms == 86400000,
           "B");
    key = keyring_find(keyring, SPAN("A"));
    EXPECT(key != NULL && key->credentials.session_token.data == NULL && key->expires_ms == 0, "A");
    EXPECT(keyring_find(keyring, SPAN("C")) == NULL, "C is found");
    keyring_close(keyring);
}

TEST(keys_of_principals_are_found_whatever_else_principals_have)
{
    struct keyring *keyring = NULL;
    struct span problem;

    EXPECT(open_text(t,
                     "{\"Principals\":[{\"Arn\":\"x\",\"AccessKeys\":[{\"AccessKeyId\":\"A\","
                     "\"SecretAccessKey\":\"s\"}]},{\"AccessKeys\":[{\"AccessKeyId\":\"B\","
                     "\"SecretAccessKey\":\"t\"}],\"Policies\":[]}]}",
                     &keyring, &problem),
           "%.*s", SPAN_PRINT(problem));
    EXPECT(keyring_find(keyring, SPAN("A")) && keyring_find(keyring, SPAN("B")), "not both");
    keyring_close(keyring);
}

TEST(a_credentials_file_that_says_nothing_clear_is_refused_with_its_place)
{
    static const struct {
        const char *text;
        const char *problem;
    } wrong[] = {
        { "", "keys.json:1:1: not JSON: input length is 0" },
        { "[", "keys.json:1:2: not JSON: unexpected end of data" },
        { "[]", "keys.json:1:1: this is not a list of access keys: write [{\"AccessKeyId\": "
                "\"...\", \"SecretAccessKey\": \"...\"}]" },
        { "{}", "keys.json:1:1: this is not a list of access keys: write [{\"AccessKeyId\": "
                "\"...\", \"SecretAccessKey\": \"...\"}]" },
        { "[1]", "keys.json:1:2: an access key is an object" },
        { "[{}]", "keys.json:1:1: an access key needs AccessKeyId and SecretAccessKey" },
        { "[\n  {\"AccessKeyId\":\"A\"}]",
          "keys.json:2:4: an access key needs AccessKeyId and SecretAccessKey" },
        { "[{\"AccessKeyId\":\"A\",\n\"SecretAccessKey\":\"\"}]",
          "keys.json:2:1: this member of an access key is not a text, or an empty one" },
        { "[{\"AccessKeyId\":\"A\",\"SecretAccessKey\":1}]",
          "keys.json:1:21: this member of an access key is not a text, or an empty one" },
        { "[{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\",\"Secret\":\"t\"}]",
          "keys.json:1:43: an access key has AccessKeyId, SecretAccessKey, SessionToken and "
          "Expiration: take this member out" },
        { "[{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\",\"Expiration\":\"soon\"}]",
          "keys.json:1:43: Expiration is no time: write 2026-11-23T10:00:00Z" },
        { "[{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\"},\n"
          "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\"}]",
          "keys.json:2:2: this AccessKeyId is there twice" },
        { "{\"Principals\":[{\"Arn\":\"x\"}]}",
          "keys.json:1:17: this is not a list of access keys: write [{\"AccessKeyId\": \"...\", "
          "\"SecretAccessKey\": \"...\"}]" },
    };

    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct keyring *keyring = NULL;
        struct span problem = { NULL, 0 };

        EXPECT(!open_text(t, wrong[i].text, &keyring, &problem), "accepted: %s", wrong[i].text);
        EXPECT(span_is(problem, wrong[i].problem), "%s: %.*s", wrong[i].text, SPAN_PRINT(problem));
    }
}
