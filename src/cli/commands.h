/* cli/commands.h - the commands that main.c knows by name.
 *
 * Each gets its own name as argv[0] and returns the exit status. */
#pragma once

int tables_command(int argc, char **argv);
int test_command(int argc, char **argv);
int wait_command(int argc, char **argv);
