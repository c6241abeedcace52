/* The word that stands for a function's code until it is translated. Internal to vm/. */
#ifndef VM_BODY_STUB_H
#define VM_BODY_STUB_H

#include <stddef.h>

#include "vm/module.h"

static inline struct body *body_of_stub(const union word *stub)
{
    return (struct body *)(uintptr_t)((const char *)stub - offsetof(struct body, stub));
}

#endif
