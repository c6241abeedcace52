#include "cli/run.h"
#include "cli/run_text.h"

enum { KEY_SHOWN = 60, VALUE_SHOWN = 72, OLD_SHOWN = 32, CHANGES_SHOWN = 40 };

static bool find_changes(const struct run *run, struct arena *a, struct state_change **changes, size_t *count)
{
    *count = 0;
    return state_map_changes(&run->mock.state, a, changes, count, NULL) == STATUS_OK;
}

size_t run_change_count(const struct run *run)
{
    struct arena arena = {0};
    struct state_change *changes = NULL;
    size_t count = 0;
    find_changes(run, &arena, &changes, &count);
    arena_free(&arena);
    return count;
}

static void print_change(FILE *out, const struct state_change *c, bool had, struct bytes old)
{
    const char *sign = c->removed ? "-" : had ? "~" : "+";
    const char *hue = c->removed ? "\033[31m" : had ? "\033[33m" : "\033[32m";
    fprintf(out, "%s%s%s ", colour(out, hue), sign, colour(out, PLAIN));
    print_bytes(out, c->key, KEY_SHOWN);
    fprintf(out, "%s", c->removed ? "  was " : ": ");
    if (had && (c->removed || old.size <= OLD_SHOWN)) print_value(out, old, VALUE_SHOWN);
    else if (had) fprintf(out, "%zu bytes", old.size);
    if (had && !c->removed) fprintf(out, " -> ");
    if (!c->removed) print_value(out, c->value, VALUE_SHOWN);
    fputc('\n', out);
}

void run_print_changes(const struct run *run, FILE *out)
{
    struct arena arena = {0};
    struct state_map before = {0};
    struct state_change *changes = NULL;
    size_t count = 0;
    bool ok = find_changes(run, &arena, &changes, &count);
    for (size_t i = 0; ok && count && i < run->state_count; i++)
        ok = state_map_put(&before, run->state[i].key, run->state[i].value, NULL) == STATUS_OK;
    for (size_t i = 0; ok && i < count && i < CHANGES_SHOWN; i++) {
        struct bytes old = {0};
        bool had = state_map_get(&before, changes[i].key, &old);
        run_label(out, i ? "" : "state");
        print_change(out, &changes[i], had, old);
    }
    if (ok && count > CHANGES_SHOWN) {
        run_label(out, "");
        fprintf(out, "... and %zu more changes (--json shows all)\n", count - CHANGES_SHOWN);
    }
    state_map_free(&before);
    arena_free(&arena);
}
