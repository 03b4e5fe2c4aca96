/* cli/process.c - runs the command under test in a process group of its own. */
#include "cli/process.h"

#include "base/arena.h"
#include "cli/environment.h"
#include "cli/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* The terminal may be handed on only by who has it. */
static bool has_terminal(void)
{
    return isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp();
}

/* A process that doesn't have the terminal would be stopped for giving it to somebody. */
static void give_terminal(pid_t group)
{
    sigset_t output;
    sigset_t before;

    sigemptyset(&output);
    sigaddset(&output, SIGTTOU);
    sigprocmask(SIG_BLOCK, &output, &before);
    tcsetpgrp(STDIN_FILENO, group);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

/* In the child. What is written to report is why the command could not be started. */
static void start(char **arguments, const struct environment *environment, bool is_foreground,
                  const sigset_t *mask, int report)
{
    int code;

    setpgid(0, 0);
    if (is_foreground)
        give_terminal(getpid());
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, mask, NULL);
    environ = environment->entries; /* also where execvp looks for PATH */
    execvp(arguments[0], arguments);
    code = errno;
    if (write(report, &code, sizeof(code)) != sizeof(code))
        _exit(EXIT_CANNOT_START);
    _exit(EXIT_NO_COMMAND);
}

/* Ctrl-Z: stops with the command, and goes on with it. */
static void stop_together(pid_t group, bool is_foreground)
{
    if (is_foreground)
        give_terminal(getpgrp());
    raise(SIGSTOP);
    if (is_foreground && has_terminal())
        give_terminal(group);
    kill(-group, SIGCONT);
}

static int await(pid_t child, bool is_foreground)
{
    int status = 0;

    for (;;) {
        pid_t ended = waitpid(child, &status, WUNTRACED);

        if (interrupt_count() > 1)
            kill(-child, SIGKILL);
        if (ended < 0 && errno != EINTR)
            return EXIT_SIGNAL;
        if (ended < 0)
            continue;
        if (!WIFSTOPPED(status))
            break;
        if (is_foreground)
            stop_together(child, is_foreground);
    }
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    /* The terminal sent Ctrl-C to the command, not to us: it was meant for the run all the same. */
    if (is_foreground && interrupt_count() == 0)
        interrupt_note(WTERMSIG(status));
    return EXIT_SIGNAL + WTERMSIG(status);
}

static struct error *not_started(struct arena *arena, const char *command, int code, int *status)
{
    *status = code == ENOENT ? EXIT_NO_COMMAND : EXIT_CANNOT_START;
    if (code == ENOENT)
        return fail(arena, ERR_VALIDATION,
                    "%s: cannot be started, there is no such command: check its name and PATH",
                    command);
    return fail(arena, ERR_VALIDATION, "%s: cannot be started: %s: mend that, or name another",
                command, strerror(code));
}

static void block_signals(sigset_t *before)
{
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, before);
}

struct error *process_run(struct arena *arena, char **arguments,
                          const struct environment *environment, int *status)
{
    bool is_foreground = has_terminal();
    int code = 0;
    int report[2];
    sigset_t mask;
    pid_t child;
    ssize_t size;

    if (pipe(report) != 0)
        return not_started(arena, arguments[0], errno, status);
    fcntl(report[0], F_SETFD, FD_CLOEXEC);
    fcntl(report[1], F_SETFD, FD_CLOEXEC);
    block_signals(&mask); /* none is to come between the child's start and its being known */
    child = fork();
    if (child == 0)
        start(arguments, environment, is_foreground, &mask, report[1]);
    if (child > 0) {
        setpgid(child, child);
        interrupt_forward(child);
    }
    sigprocmask(SIG_SETMASK, &mask, NULL);
    close(report[1]);
    if (child > 0) {
        while ((size = read(report[0], &code, sizeof(code))) < 0 && errno == EINTR)
            continue;
        *status = await(child, is_foreground);
        if (interrupt_count() > 0) /* and what the command left running in its group */
            kill(-child, SIGTERM);
        interrupt_forward(0);
        if (is_foreground)
            give_terminal(getpgrp());
    } else {
        size = sizeof(code);
        code = errno;
    }
    close(report[0]);
    return size == sizeof(code) ? not_started(arena, arguments[0], code, status) : NULL;
}
