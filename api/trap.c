#include "api/api.h"

#include <stdio.h>

_Static_assert(NVM_TRAP_UNREACHABLE == (int)TRAP_UNREACHABLE && NVM_TRAP_MEMORY_BOUNDS == (int)TRAP_MEMORY_BOUNDS &&
                   NVM_TRAP_CALL_STACK_EXHAUSTED == (int)TRAP_CALL_STACK_EXHAUSTED &&
                   NVM_TRAP_OUT_OF_FUEL == (int)TRAP_OUT_OF_GAS && NVM_TRAP_HOST == (int)TRAP_HOST &&
                   NVM_TRAP_NO_MEMORY == (int)TRAP_NO_MEMORY && TRAP_NO_MEMORY + 1 == TRAP_SUSPENDED &&
                   TRAP_SUSPENDED + 1 == TRAP_COUNT, /* nothing here asks for a suspension */
               "traps");
_Static_assert(NVM_FRAMES == (int)BACKTRACE_FRAMES, "frames of a backtrace");

static void copy_frame(const struct trap_frame *from, nvm_frame *to)
{
    *to = (nvm_frame){.function = from->function, .offset = from->offset};
    nvm_instance *i = api_instance(from->instance);
    if (!i) return;
    to->module = i->module;
    struct bytes name = module_function(i->module->vm, from->function).name;
    size_t size = name.size < sizeof to->name - 1 ? name.size : sizeof to->name - 1;
    while (size > 0 && size < name.size && (name.data[size] & 0xc0) == 0x80) size--; /* whole characters */
    if (size) memcpy(to->name, name.data, size);
}

nvm_status api_trap(const struct trap_info *from, nvm_trap *to, nvm_error *error)
{
    const char *message = from->trap == TRAP_OUT_OF_GAS ? "out of fuel" : from->message;
    if (to) {
        to->code = (nvm_trap_code)from->trap;
        snprintf(to->message, sizeof to->message, "%s", message);
        to->depth = from->depth;
        to->frames = from->frames;
        for (uint32_t i = 0; i < from->frames; i++) copy_frame(&from->frame[i], &to->frame[i]);
    }
    return api_fail(error, NVM_TRAP, "%s", message);
}

/* Appends to text that may be too small, counting what would have been written. */
struct writer {
    char *text;
    size_t size, length;
};

static void write_text(struct writer *w, const char *s)
{
    for (; *s; s++, w->length++)
        if (w->length + 1 < w->size) w->text[w->length] = *s;
}

/* A name comes from a module: it must not send control characters to a terminal or break lines. */
static void write_name(struct writer *w, const char *name)
{
    char character[2] = {0};
    for (; *name; name++) {
        character[0] = (unsigned char)*name < 0x20 || *name == 0x7f ? '?' : *name;
        write_text(w, character);
    }
}

size_t nvm_trap_text(const nvm_trap *trap, char *text, size_t size)
{
    struct writer w = {text, text ? size : 0, 0};
    char line[192];
    if (w.size) *text = '\0';
    if (!trap) return 0;
    write_text(&w, "trap: ");
    write_text(&w, trap->message);
    for (uint32_t i = 0; i < trap->frames && i < NVM_FRAMES; i++) {
        const nvm_frame *f = &trap->frame[i];
        snprintf(line, sizeof line, "\n  %u: ", i);
        write_text(&w, line);
        write_name(&w, f->name);
        snprintf(line, sizeof line, "%s(function %u) at 0x%llx", f->name[0] ? " " : "", f->function,
                 (unsigned long long)f->offset);
        write_text(&w, line);
    }
    if (trap->depth > trap->frames) {
        snprintf(line, sizeof line, "\n  ... and %u more frames", trap->depth - trap->frames);
        write_text(&w, line);
    }
    if (w.size) text[w.length < size ? w.length : size - 1] = '\0';
    return w.length;
}
