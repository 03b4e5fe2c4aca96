/* cloud/lag_setting.c - lags as text. */
#include "base/buffer.h"
#include "cloud/lag.h"
#include "cloud/lag_setting.h"

static const char *const kinds[] = {
    [LAG_NONE] = "none", [LAG_RANDOM] = "random", [LAG_WORST] = "worst"
};

/* spec: usually within a second; an index within a fraction of one to a few */
static const int64_t default_ms[LAG_OF_COUNT] = { 1000, 2000 };

static bool read_ms(struct span digits, int64_t *ms)
{
    *ms = 0;
    for (size_t i = 0; i < digits.size; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return false;
        *ms = *ms * 10 + (digits.data[i] - '0');
        if (*ms > LAG_MS_MAX)
            return false;
    }
    return *ms > 0;
}

bool lag_parse(struct span text, enum lag_of of, struct lag_setting *setting)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct span word = span_from(kinds[i]);

        if (!span_starts_with(text, word))
            continue;
        setting->kind = (enum lag_kind)i;
        setting->ms = i == LAG_NONE ? 0 : default_ms[of];
        text.data += word.size;
        text.size -= word.size;
        if (text.size == 0)
            return true;
        text.size--;
        return i != LAG_NONE && *text.data++ == ':' && read_ms(text, &setting->ms);
    }
    return false;
}

void lag_setting_write(const struct lag_setting *setting, struct buffer *out)
{
    buffer_append_char(out, '"');
    buffer_append_span(out, span_from(kinds[setting->kind]));
    if (setting->kind != LAG_NONE) {
        buffer_append_char(out, ':');
        buffer_append_integer(out, setting->ms);
    }
    buffer_append_char(out, '"');
}
