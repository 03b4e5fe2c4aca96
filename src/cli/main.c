/* cli/main.c - the commands of the program, and which one was asked for. */
#include "base/compiler.h"
#include "cli/command.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { EXIT_WRONG_USAGE = 2 };

static const struct {
    const char *name;
    const char *summary;
    int (*run)(int argc, char **argv);
} commands[] = {
    { "serve", "a DynamoDB endpoint on this machine", serve_command },
    { "test", "runs a test command with tables of its own", test_command },
    { "tables", "makes, compares, lists and removes tables", tables_command },
    { "wait", "until tables are there and answer", wait_command },
    { "version", "the version of this program", version_command },
};

static void print_help(FILE *out)
{
    fputs("  stator serve                       serve on http://127.0.0.1:8000, data in stator.db\n"
          "  stator serve --memory --port 0     a free port, nothing kept\n"
          "  stator test --tables tables.json -- npx jest\n"
          "\n"
          "Usage: stator COMMAND [OPTION]...\n"
          "A DynamoDB for tests and development.\n"
          "\n",
          out);
    for (size_t i = 0; i < COUNT(commands); i++)
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
    fputs("\nEach command explains itself: stator COMMAND --help\n", out);
}

static bool is_one_of(const char *word, const char *first, const char *second, const char *third)
{
    return strcmp(word, first) == 0 || strcmp(word, second) == 0 || strcmp(word, third) == 0;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return EXIT_WRONG_USAGE;
    }
    if (is_one_of(argv[1], "--help", "-h", "help")) {
        print_help(stdout);
        return 0;
    }
    if (is_one_of(argv[1], "--version", "-V", "-version"))
        return version_command(1, argv + 1);
    for (size_t i = 0; i < COUNT(commands); i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    fprintf(stderr, "stator: there is no command '%s': see stator --help\n", argv[1]);
    return EXIT_WRONG_USAGE;
}
