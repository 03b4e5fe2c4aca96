/* tests/bench/connections.c - many keep-alive connections, each with one request under way. */
#include "connections.h"

#include "base/clock.h"
#include "base/memory.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_BYTES_MAX = 64 << 10, EVENTS = 64, SILENCE_MS_MAX = 10000 };

struct connection {
    int socket;
    int64_t sent_us;
    size_t received;
    char answer[ANSWER_BYTES_MAX];
};

struct run {
    const struct bench_load *load;
    struct bench_result *result;
    struct connection *connections;
    int poll;
    int64_t start_us;
    size_t sent;
    unsigned under_way;
};

static bool complain(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    return false;
}

static bool connection_open(struct run *run, struct connection *connection)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)run->load->port) };
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = connection };
    int on = 1;

    connection->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (connection->socket < 0)
        return complain("socket");
    if (inet_pton(AF_INET, run->load->address, &to.sin_addr) != 1)
        return complain(run->load->address);
    if (connect(connection->socket, (struct sockaddr *)&to, sizeof(to)) != 0)
        return complain("connect");
    setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (epoll_ctl(run->poll, EPOLL_CTL_ADD, connection->socket, &event) != 0)
        return complain("epoll_ctl");
    return true;
}

/* Requests are small: a socket without a request under way takes one whole. */
static bool send_next(struct run *run, struct connection *connection)
{
    const struct bench_load *load = run->load;
    struct span request = load->requests[run->sent % load->request_count];
    size_t done = 0;

    connection->sent_us = clock_steady_us();
    connection->received = 0;
    while (done < request.size) {
        ssize_t n = send(connection->socket, request.data + done, request.size - done, 0);

        if (n < 0)
            return complain("send");
        done += (size_t)n;
    }
    run->sent++;
    run->under_way++;
    return true;
}

/* The end of a chunked body is the empty chunk; answers here have no trailers. */
static bool chunks_are_whole(struct span body)
{
    static const char end[] = "0\r\n\r\n";
    size_t size = sizeof(end) - 1;

    return body.size >= size && memcmp(body.data + body.size - size, end, size) == 0 &&
           (body.size == size || body.data[body.size - size - 1] == '\n');
}

static bool is_whole(const struct connection *connection)
{
    struct span text = { connection->answer, connection->received };
    const char *head_end = memmem(text.data, text.size, "\r\n\r\n", 4);
    const char *line;
    struct span body;

    if (!head_end)
        return false;
    body.data = head_end + 4;
    body.size = text.size - (size_t)(body.data - text.data);
    for (line = text.data; line < head_end; line++) {
        line = memchr(line, '\n', (size_t)(head_end + 2 - line));
        if (!line || line > head_end)
            break;
        if (strncasecmp(line + 1, "content-length:", 15) == 0)
            return body.size >= strtoul(line + 16, NULL, 10);
        if (strncasecmp(line + 1, "transfer-encoding:", 18) == 0)
            return chunks_are_whole(body);
    }
    return true;
}

static void count_answer(struct run *run, struct connection *connection)
{
    struct bench_result *result = run->result;
    int64_t latency_us = clock_steady_us() - connection->sent_us;

    if (latency_us > LATENCY_US_MAX)
        latency_us = LATENCY_US_MAX;
    result->answers++;
    result->latency_us[latency_us]++;
    if (connection->received < 12 || memcmp(connection->answer + 9, "200", 3) != 0) {
        result->refusals++;
        result->last_error = (struct span){ connection->answer, connection->received };
    }
    run->under_way--;
}

static bool more_to_send(const struct run *run)
{
    if (run->load->duration_us == 0)
        return run->sent < run->load->request_count;
    return (uint64_t)(clock_steady_us() - run->start_us) < run->load->duration_us;
}

static bool receive(struct run *run, struct connection *connection)
{
    ssize_t n = recv(connection->socket, connection->answer + connection->received,
                     ANSWER_BYTES_MAX - connection->received, 0);

    if (n == 0) {
        fprintf(stderr, "load: the server closed a connection\n");
        return false;
    }
    if (n < 0)
        return complain("recv");
    connection->received += (size_t)n;
    if (!is_whole(connection)) {
        if (connection->received < ANSWER_BYTES_MAX)
            return true;
        fprintf(stderr, "load: an answer of more than %d bytes\n", ANSWER_BYTES_MAX);
        return false;
    }
    count_answer(run, connection);
    return more_to_send(run) ? send_next(run, connection) : true;
}

static bool run_loop(struct run *run)
{
    struct epoll_event events[EVENTS];

    while (run->under_way > 0) {
        int count = epoll_wait(run->poll, events, EVENTS, SILENCE_MS_MAX);

        if (count < 0 && errno != EINTR)
            return complain("epoll_wait");
        if (count == 0) {
            fprintf(stderr, "load: no answer for %d ms\n", SILENCE_MS_MAX);
            return false;
        }
        for (int i = 0; i < count; i++)
            if (!receive(run, events[i].data.ptr))
                return false;
    }
    return true;
}

bool bench_run(const struct bench_load *load, struct bench_result *result)
{
    unsigned count = load->connections;
    struct run run = {
        .load = load,
        .result = result,
        .connections = memory_new(count * sizeof(struct connection)),
        .poll = epoll_create1(EPOLL_CLOEXEC),
    };
    bool ok = run.poll >= 0;

    memset(result->latency_us, 0, (LATENCY_US_MAX + 1) * sizeof(*result->latency_us));
    for (unsigned i = 0; i < count; i++)
        run.connections[i].socket = -1;
    for (unsigned i = 0; ok && i < count; i++)
        ok = connection_open(&run, &run.connections[i]);
    run.start_us = clock_steady_us();
    for (unsigned i = 0; ok && i < count && more_to_send(&run); i++)
        ok = send_next(&run, &run.connections[i]);
    ok = ok && run_loop(&run);
    result->duration_us = (uint64_t)(clock_steady_us() - run.start_us);
    if (result->last_error.data)
        fprintf(stderr, "load: %llu of %llu answers refuse, the last with %.*s\n",
                (unsigned long long)result->refusals, (unsigned long long)result->answers,
                SPAN_PRINT(result->last_error));
    result->last_error = (struct span){ 0 };
    for (unsigned i = 0; i < count; i++)
        if (run.connections[i].socket >= 0)
            close(run.connections[i].socket);
    if (run.poll >= 0)
        close(run.poll);
    memory_free(run.connections);
    return ok;
}
