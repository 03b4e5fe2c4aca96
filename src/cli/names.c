/* cli/names.c - the names of a run. */
#include "cli/names.h"

#include "base/arena.h"
#include "base/random.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { COMMIT_CHARACTERS = 8 };

void names_run_id(char run_id[RUN_ID_CHARACTERS + 1])
{
    struct random random;

    random_init(&random, random_seed());
    random_text(&random, "abcdefghijklmnopqrstuvwxyz0123456789", run_id, RUN_ID_CHARACTERS);
    run_id[RUN_ID_CHARACTERS] = '\0';
}

static struct error *commit_suffix(struct arena *arena, struct span *suffix)
{
    char commit[COMMIT_CHARACTERS + 1] = "";
    FILE *git = popen("git rev-parse HEAD 2>/dev/null", "r");
    size_t size = git ? fread(commit, 1, COMMIT_CHARACTERS, git) : 0;

    if (!git || pclose(git) != 0 || size != COMMIT_CHARACTERS)
        return fail(arena, ERR_VALIDATION,
                    "--suffix commit: no commit can be found here: run it inside a git checkout, "
                    "or use --suffix run");
    *suffix = arena_print(arena, "_commit_%s", commit);
    return NULL;
}

struct error *names_suffix(struct arena *arena, struct span choice, const char *run_id,
                           struct span *suffix)
{
    *suffix = choice;
    if (span_is(choice, "none"))
        *suffix = SPAN("");
    else if (span_is(choice, "run"))
        *suffix = arena_print(arena, "_run_%s", run_id);
    else if (span_is(choice, "commit"))
        return commit_suffix(arena, suffix);
    for (size_t i = 0; i < suffix->size; i++)
        if (!isalnum((unsigned char)suffix->data[i]) && !strchr("_.-", suffix->data[i]))
            return fail(arena, ERR_VALIDATION,
                        "--suffix %.*s: not part of a table's name: use letters, digits, '_', '-' "
                        "and '.'",
                        SPAN_PRINT(choice));
    return NULL;
}

/* A word starts at a capital behind a small letter or digit, and at the last of several capitals
 * when a small letter follows: ordersByDay, APITokens. */
static bool starts_word(struct span name, size_t i)
{
    unsigned char before = (unsigned char)name.data[i - 1];

    if (!isupper((unsigned char)name.data[i]))
        return false;
    if (islower(before) || isdigit(before))
        return true;
    return isupper(before) && i + 1 < name.size && islower((unsigned char)name.data[i + 1]);
}

struct span names_variable(struct arena *arena, struct span base_name)
{
    char *text = arena_alloc(arena, 2 * base_name.size + 1, 1);
    size_t size = 0;

    for (size_t i = 0; i < base_name.size; i++) {
        unsigned char c = (unsigned char)base_name.data[i];

        if (!isalnum(c)) {
            text[size++] = '_';
            continue;
        }
        if (i > 0 && starts_word(base_name, i))
            text[size++] = '_';
        text[size++] = (char)toupper(c);
    }
    return (struct span){ text, size };
}
