/* server/control.h - the endpoints under /_stator/: health, metrics, clock, behaviour,
 * reset.
 *
 * They are for this machine alone: the peer must be loopback, and so must Host and, when there is
 * one, Origin, or a web page could reach them through a name that resolves to 127.0.0.1. With
 * --control-token they are for whoever sends "Authorization: Bearer <token>" instead. */
#pragma once

#include <stdbool.h>

struct answer_form;
struct http_request;
struct pipeline;

bool control_is_asked(const struct http_request *http);

/* Writes pipeline->body and gives the answer's status. */
int control_serve(struct pipeline *pipeline, const struct http_request *http,
                  struct answer_form *form);
