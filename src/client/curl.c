/* client/curl.c - finds libcurl and the functions of it that are used. */
#include "client/curl.h"

#include "base/arena.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    size_t offset;
} symbols[] = {
    { "curl_global_init", offsetof(struct curl, global_init) },
    { "curl_easy_init", offsetof(struct curl, easy_init) },
    { "curl_easy_setopt", offsetof(struct curl, easy_setopt) },
    { "curl_easy_getinfo", offsetof(struct curl, easy_getinfo) },
    { "curl_easy_strerror", offsetof(struct curl, easy_strerror) },
    { "curl_easy_cleanup", offsetof(struct curl, easy_cleanup) },
    { "curl_slist_append", offsetof(struct curl, slist_append) },
    { "curl_slist_free_all", offsetof(struct curl, slist_free_all) },
    { "curl_multi_init", offsetof(struct curl, multi_init) },
    { "curl_multi_setopt", offsetof(struct curl, multi_setopt) },
    { "curl_multi_add_handle", offsetof(struct curl, multi_add_handle) },
    { "curl_multi_remove_handle", offsetof(struct curl, multi_remove_handle) },
    { "curl_multi_perform", offsetof(struct curl, multi_perform) },
    { "curl_multi_poll", offsetof(struct curl, multi_poll) },
    { "curl_multi_info_read", offsetof(struct curl, multi_info_read) },
    { "curl_multi_cleanup", offsetof(struct curl, multi_cleanup) },
};

/* STATOR_LIBCURL names another file: for a libcurl in an unusual place, and for tests. */
static void *open_library(const char *chosen)
{
    static const char *const names[] = { "libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib",
                                         "/usr/lib/libcurl.4.dylib" };

    if (chosen && chosen[0] != '\0')
        return dlopen(chosen, RTLD_LAZY | RTLD_LOCAL);
    for (size_t i = 0; i < COUNT(names); i++) {
        void *library = dlopen(names[i], RTLD_LAZY | RTLD_LOCAL);

        if (library)
            return library;
    }
    return NULL;
}

struct error *curl_load(struct arena *arena, const struct curl **curl)
{
    static struct curl table;
    static bool is_loaded;
    void *library;

    *curl = &table;
    if (is_loaded)
        return NULL;
    library = open_library(getenv("STATOR_LIBCURL"));
    if (!library)
        return fail(arena, ERR_SERVICE_UNAVAILABLE,
                    "libcurl is missing, which calls to an endpoint need: install it (Debian and "
                    "Ubuntu: apt-get install libcurl4; macOS has it)");
    for (size_t i = 0; i < COUNT(symbols); i++) {
        void *symbol = dlsym(library, symbols[i].name);

        if (!symbol)
            return fail(arena, ERR_SERVICE_UNAVAILABLE,
                        "libcurl here is too old, it has no %s: install 7.66 or later",
                        symbols[i].name);
        memcpy((char *)&table + symbols[i].offset, &symbol, sizeof(symbol));
    }
    is_loaded = true;
    return NULL;
}
