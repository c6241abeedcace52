#include "tee/origin.h"

static const struct row {
    enum tee_origin origin;
    const char *name, *text;
} rows[] = {
#define X(NAME, byte, name, text) {ORIGIN_##NAME, name, text},
#include "tee/origins.def"
#undef X
};
enum { ROWS = sizeof rows / sizeof rows[0], RESUMED = 16 };
_Static_assert((int)ORIGIN_RESUMED_SIMULATOR == (int)RESUMED + (int)ROOT_SIMULATOR, "bytes follow the kinds of roots");
_Static_assert((int)ORIGIN_RESUMED_RELEASED == (int)RESUMED + (int)ROOT_RELEASED, "bytes follow the kinds of roots");

static const struct row *find(unsigned byte)
{
    for (size_t i = 0; i < ROWS; i++)
        if ((unsigned)rows[i].origin == byte) return &rows[i];
    return NULL;
}

bool tee_origin_known(uint8_t byte)
{
    return find(byte) != NULL;
}

const char *tee_origin_name(enum tee_origin origin)
{
    const struct row *row = find(origin);
    return row ? row->name : "unchecked";
}

const char *tee_origin_text(enum tee_origin origin)
{
    const struct row *row = find(origin);
    return row ? row->text : "neither executed nor verified";
}

enum tee_origin tee_origin_named(struct bytes name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (bytes_equal(name, bytes_of_string(rows[i].name))) return rows[i].origin;
    return ORIGIN_NONE;
}

enum tee_origin tee_origin_resumed(enum tee_root_kind root)
{
    return (enum tee_origin)(RESUMED + (int)root);
}
