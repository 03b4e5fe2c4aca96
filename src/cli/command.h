/* cli/command.h - what each command of the program gives to main.c's table.
 *
 * A command gets its own name as argv[0] and returns the exit status: 0, 2 on wrong usage, 1
 * otherwise. Errors go to stderr as "stator: what went wrong: what to do". */
#pragma once

int serve_command(int argc, char **argv);
int tables_command(int argc, char **argv);
int test_command(int argc, char **argv);
int version_command(int argc, char **argv);
int wait_command(int argc, char **argv);
