#include "spec-tests/messages.h"

#include <ctype.h>

struct row {
    enum message_source source;
    int code;
    const char *name, *text;
};

static const struct row rows[] = {
#define X(source, code, text) {SOURCE_##source, source##_##code, #source "_" #code, text},
#include "spec-tests/messages.def"
#undef X
};
enum { ROWS = sizeof rows / sizeof *rows };

static size_t find_row(struct bytes name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (bytes_equal(bytes_of_string(rows[i].name), name)) return i + 1;
    return 0;
}

bool message_swap_parse(const char *text, struct message_swap *out)
{
    const char *comma = strchr(text, ',');
    if (!comma) return false;
    out->first = find_row(bytes_of(text, (size_t)(comma - text)));
    out->second = find_row(bytes_of_string(comma + 1));
    return out->first && out->second && out->first != out->second;
}

static const char *row_text(size_t i, const struct message_swap *swap)
{
    if (swap && swap->first == i + 1) return rows[swap->second - 1].text;
    if (swap && swap->second == i + 1) return rows[swap->first - 1].text;
    return rows[i].text;
}

static bool word_character(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.';
}

/* Whether the message has `details` in it as whole words. */
static bool names(const char *message, struct bytes details)
{
    size_t size = strlen(message);
    for (size_t i = 0; i + details.size <= size; i++) {
        if (memcmp(message + i, details.data, details.size) != 0) continue;
        bool starts = i == 0 || !word_character(message[i - 1]);
        char after = message[i + details.size];
        if (starts && !word_character(after)) return true;
    }
    return false;
}

bool message_matches(enum message_source source, int code, const char *message, struct bytes wanted,
                     const struct message_swap *swap)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].source != source || rows[i].code != code) continue;
        struct bytes text = bytes_of_string(row_text(i, swap));
        if (wanted.size < text.size || memcmp(wanted.data, text.data, text.size) != 0) continue;
        if (wanted.size == text.size) return true;
        if (wanted.data[text.size] != ' ') continue;
        struct bytes details = bytes_of(wanted.data + text.size + 1, wanted.size - text.size - 1);
        if (names(message, details)) return true;
    }
    return false;
}
