/* What a module is made of, for embedders with rules of their own on what may run: the decoded parts (module.h), a body's
 * locals and instructions (reader.h, opcodes.h), its operand stack (stack_bytes.h) and its gas charges (gas_groups.h).
 * To be read only. host/ sizes production's rewritten module by these; who merely loads and calls needs vm.h alone. */
#ifndef VM_PREPARATION_H
#define VM_PREPARATION_H

#include "vm/gas_groups.h"
#include "vm/module.h"
#include "vm/opcodes.h"
#include "vm/reader.h"
#include "vm/stack_bytes.h"
#include "vm/validate.h"

#endif
