#include "cli/state.h"

#include <errno.h>

static int refuse(const char *path, const struct error *e)
{
    if (e->status == STATUS_IO) {
        say_error("%s", e->message);
        if (e->code == ENOENT) say_hint("`nvm state create %s` makes a state", path);
        if (e->code == EBUSY) say_hint("nothing was changed; try again when that process has ended");
        return EXIT_INPUT;
    }
    if (e->offset != ERROR_NO_OFFSET)
        say_error("%s: %s (at byte %llu)", path, e->message, (unsigned long long)e->offset);
    else say_error("%s: %s", path, e->message);
    if (e->status == STATUS_MALFORMED || e->status == STATUS_INVALID)
        say_hint("a state file is made by `nvm state create`; JSON is read by `nvm state import`");
    return EXIT_INPUT;
}

int state_open(struct state_file *s, const char *path, enum state_use use)
{
    struct error e;
    return state_file_open(s, path, use, &e) == STATUS_OK ? -1 : refuse(path, &e);
}

int state_make(struct state_file *s, const char *path, bool replace)
{
    struct error e;
    if (state_file_make(s, path, replace, &e) == STATUS_OK) return -1;
    say_error("state create: %s", e.message);
    if (e.code == EEXIST) say_hint("--force makes it anew; `nvm state import` adds to it");
    return EXIT_INPUT;
}

int state_save(struct state_file *s)
{
    struct error e;
    return state_file_save(s, &e) == STATUS_OK ? -1 : say_file_error(s->path, &e);
}
