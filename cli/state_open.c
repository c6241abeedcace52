#include "cli/state.h"

static int refuse(const char *path, const struct error *e)
{
    if (e->status == STATUS_IO) {
        say_error("%s", e->message);
        say_hint("`nvm state create %s` makes a state", path);
        return EXIT_INPUT;
    }
    if (e->offset != ERROR_NO_OFFSET)
        say_error("%s: %s (at byte %llu)", path, e->message, (unsigned long long)e->offset);
    else say_error("%s: %s", path, e->message);
    if (e->status == STATUS_MALFORMED || e->status == STATUS_INVALID)
        say_hint("a state file is made by `nvm state create`; JSON is read by `nvm state import`");
    return EXIT_INPUT;
}

int state_open(struct state_file *s, const char *path)
{
    struct error e;
    return state_file_open(s, path, &e) == STATUS_OK ? -1 : refuse(path, &e);
}

int state_save(struct state_file *s)
{
    struct error e;
    return state_file_save(s, &e) == STATUS_OK ? -1 : say_file_error(s->path, &e);
}
