#include "cli/source.h"

#include "wat/wat.h"

/* Binary modules begin with a NUL; text begins with a parenthesis, a comment or white space. */
static bool looks_like_text(struct buffer b)
{
    size_t i = 0;
    if (b.size >= 3 && memcmp(b.data, "\xef\xbb\xbf", 3) == 0) return true; /* let the reader complain of the mark */
    while (i < b.size && (b.data[i] == ' ' || b.data[i] == '\t' || b.data[i] == '\n' || b.data[i] == '\r')) i++;
    return i < b.size && (b.data[i] == '(' || b.data[i] == ';');
}

static int empty(const char *path)
{
    say_error("%s: the file is empty", path);
    say_hint("a module is needed, in the binary format (.wasm) or the text format (.wat)");
    return EXIT_INPUT;
}

int source_read(const char *path, struct buffer *binary)
{
    struct error e;
    *binary = (struct buffer){0};
    struct buffer file = {0};
    if (file_read(path, FILE_LIMIT, &file, &e) != STATUS_OK) {
        buffer_free(&file);
        return say_file_error(path, &e);
    }
    if (file.size == 0) {
        buffer_free(&file);
        return empty(path);
    }
    if (!looks_like_text(file)) {
        *binary = file;
        return -1;
    }
    enum status status = wat_to_wasm((const char *)file.data, file.size, NULL, binary, &e);
    buffer_free(&file);
    if (status == STATUS_OK) return -1;
    buffer_free(binary);
    return say_file_error(path, &e);
}

int source_load(const char *path, const struct vm_config *config, struct source *out)
{
    *out = (struct source){0};
    int code = source_read(path, &out->binary);
    return code < 0 ? source_load_binary(path, config, out) : code;
}

int source_load_binary(const char *path, const struct vm_config *config, struct source *out)
{
    struct error e;
    struct vm_config borrowing = *config;
    borrowing.borrow_bytes = true;
    if (module_load(&borrowing, out->binary.data, out->binary.size, &out->module, &e) == STATUS_OK) return -1;
    if (e.code == VM_ERROR_INTERRUPTED) {
        say_error("%s: loading the module was interrupted: it takes longer than it may", path);
        source_free(out);
        return EXIT_TRAPPED;
    }
    const int code = say_file_error(path, &e);
    if (e.code == VM_ERROR_MAGIC)
        say_hint("a module begins with the bytes 00 61 73 6d (binary format) or with \"(module\" (text format)");
    source_free(out);
    return code;
}

void source_free(struct source *s)
{
    module_free(s->module);
    buffer_free(&s->binary);
    *s = (struct source){0};
}

void functype_text(struct buffer *b, const struct functype *t)
{
    buffer_append_string(b, "(");
    for (uint32_t i = 0; i < t->params; i++)
        buffer_printf(b, "%s%s", i ? ", " : "", valtype_name(t->types[i]));
    buffer_append_string(b, ")");
    if (t->results == 0) return;
    buffer_append_string(b, t->results > 1 ? " -> (" : " -> ");
    for (uint32_t i = 0; i < t->results; i++)
        buffer_printf(b, "%s%s", i ? ", " : "", valtype_name(t->types[t->params + i]));
    if (t->results > 1) buffer_append_string(b, ")");
}
