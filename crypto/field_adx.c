/* Montgomery multiplication for x86-64 with MULX, ADCX and ADOX: MULX leaves the flags alone, ADCX and ADOX carry
 * through one flag each, so that low and high halves of a row of products are added in two interleaved chains.
 *
 * The algorithm is that of field_multiply.inc, row by row: first t += a b[i], then t = (t + m p) / 2^64. It is assembly
 * outside any function, because it needs more registers than an asm statement can count on without optimisation.
 *
 * Registers: rdi r, rsi a, r14 b, rcx field (p at 0, factor at 48), r8.. the words of t, rbx the carry word of a row,
 * rbp and rax scratch, rdx the multiplier of MULX. */
#include "crypto/field_adx.h"

#ifdef FIELD_ADX

_Static_assert(offsetof(struct field, modulus) == 0 && offsetof(struct field, factor) == 48, "known to the assembly");

/* One step of t += a b[i]: the high half of the step before (rbx) into this word by ADCX, the low half by ADOX. */
#define ADD_FIRST(t0) "mulxq 0(%rsi), %rax, %rbx\n adoxq %rax, " t0 "\n"
#define ADD_NEXT(offset, t) "adcxq %rbx, " t "\n mulxq " offset "(%rsi), %rax, %rbx\n adoxq %rax, " t "\n"
#define ADD_BEGIN(offset) "xorl %eax, %eax\n movq " offset "(%r14), %rdx\n"
#define ADD_END "movl $0, %eax\n adcxq %rax, %rbx\n adoxq %rax, %rbx\n"

/* One step of t = (t + m p) / 2^64: word `to` becomes word `from` plus its products. */
#define REDUCE_BEGIN(t0) \
    "movq 48(%rcx), %rdx\n imulq " t0 ", %rdx\n xorl %eax, %eax\n" \
    "mulxq 0(%rcx), %rax, %rbp\n adcxq " t0 ", %rax\n movq %rbp, " t0 "\n"
#define REDUCE_NEXT(offset, from, to) \
    "adcxq " from ", " to "\n mulxq " offset "(%rcx), %rax, " from "\n adoxq %rax, " to "\n"
#define REDUCE_END(last) "movl $0, %eax\n adcxq %rax, " last "\n adoxq %rbx, " last "\n"

#define PUSH(name) "pushq %" name "\n .cfi_adjust_cfa_offset 8\n .cfi_rel_offset " name ", 0\n"
#define POP(name) "popq %" name "\n .cfi_adjust_cfa_offset -8\n .cfi_restore " name "\n"
#define FUNCTION(name) \
    ".p2align 5\n .globl " name "\n .hidden " name "\n .type " name ", @function\n" name ":\n .cfi_startproc\n"
#define END(name) "ret\n .cfi_endproc\n .size " name ", .-" name "\n"

#define FIRST_ROW_4 \
    "movq 0(%r14), %rdx\n xorl %eax, %eax\n" \
    "mulxq 0(%rsi), %r8, %r9\n" \
    "mulxq 8(%rsi), %rax, %r10\n adcxq %rax, %r9\n" \
    "mulxq 16(%rsi), %rax, %r11\n adcxq %rax, %r10\n" \
    "mulxq 24(%rsi), %rax, %rbx\n adcxq %rax, %r11\n" \
    "movl $0, %eax\n adcxq %rax, %rbx\n"
#define ROW_4(offset) \
    ADD_BEGIN(offset) ADD_FIRST("%r8") ADD_NEXT("8", "%r9") ADD_NEXT("16", "%r10") ADD_NEXT("24", "%r11") ADD_END
#define REDUCE_4 \
    REDUCE_BEGIN("%r8") REDUCE_NEXT("8", "%r9", "%r8") REDUCE_NEXT("16", "%r10", "%r9") \
    REDUCE_NEXT("24", "%r11", "%r10") REDUCE_END("%r11")

__asm__(".text\n"
    FUNCTION("field_multiply_adx_4")
    PUSH("rbx") PUSH("rbp") PUSH("r14")
    "movq %rdx, %r14\n"
    FIRST_ROW_4 REDUCE_4
    ROW_4("8") REDUCE_4
    ROW_4("16") REDUCE_4
    ROW_4("24") REDUCE_4
    /* t - p, unless that borrows */
    "movq %r8, %rax\n movq %r9, %rbx\n movq %r10, %rbp\n movq %r11, %rdx\n"
    "subq 0(%rcx), %rax\n sbbq 8(%rcx), %rbx\n sbbq 16(%rcx), %rbp\n sbbq 24(%rcx), %rdx\n"
    "cmovcq %r8, %rax\n cmovcq %r9, %rbx\n cmovcq %r10, %rbp\n cmovcq %r11, %rdx\n"
    "movq %rax, 0(%rdi)\n movq %rbx, 8(%rdi)\n movq %rbp, 16(%rdi)\n movq %rdx, 24(%rdi)\n"
    POP("r14") POP("rbp") POP("rbx")
    END("field_multiply_adx_4"));

#define FIRST_ROW_6 \
    "movq 0(%r14), %rdx\n xorl %eax, %eax\n" \
    "mulxq 0(%rsi), %r8, %r9\n" \
    "mulxq 8(%rsi), %rax, %r10\n adcxq %rax, %r9\n" \
    "mulxq 16(%rsi), %rax, %r11\n adcxq %rax, %r10\n" \
    "mulxq 24(%rsi), %rax, %r12\n adcxq %rax, %r11\n" \
    "mulxq 32(%rsi), %rax, %r13\n adcxq %rax, %r12\n" \
    "mulxq 40(%rsi), %rax, %rbx\n adcxq %rax, %r13\n" \
    "movl $0, %eax\n adcxq %rax, %rbx\n"
#define ROW_6(offset) \
    ADD_BEGIN(offset) ADD_FIRST("%r8") ADD_NEXT("8", "%r9") ADD_NEXT("16", "%r10") ADD_NEXT("24", "%r11") \
    ADD_NEXT("32", "%r12") ADD_NEXT("40", "%r13") ADD_END
#define REDUCE_6 \
    REDUCE_BEGIN("%r8") REDUCE_NEXT("8", "%r9", "%r8") REDUCE_NEXT("16", "%r10", "%r9") \
    REDUCE_NEXT("24", "%r11", "%r10") REDUCE_NEXT("32", "%r12", "%r11") REDUCE_NEXT("40", "%r13", "%r12") \
    REDUCE_END("%r13")

__asm__(".text\n"
    FUNCTION("field_multiply_adx_6")
    PUSH("rbx") PUSH("rbp") PUSH("r12") PUSH("r13") PUSH("r14")
    "movq %rdx, %r14\n"
    FIRST_ROW_6 REDUCE_6
    ROW_6("8") REDUCE_6
    ROW_6("16") REDUCE_6
    ROW_6("24") REDUCE_6
    ROW_6("32") REDUCE_6
    ROW_6("40") REDUCE_6
    /* t - p, unless that borrows */
    "movq %r8, %rax\n movq %r9, %rbx\n movq %r10, %rbp\n movq %r11, %rdx\n movq %r12, %rsi\n movq %r13, %r14\n"
    "subq 0(%rcx), %rax\n sbbq 8(%rcx), %rbx\n sbbq 16(%rcx), %rbp\n"
    "sbbq 24(%rcx), %rdx\n sbbq 32(%rcx), %rsi\n sbbq 40(%rcx), %r14\n"
    "cmovcq %r8, %rax\n cmovcq %r9, %rbx\n cmovcq %r10, %rbp\n"
    "cmovcq %r11, %rdx\n cmovcq %r12, %rsi\n cmovcq %r13, %r14\n"
    "movq %rax, 0(%rdi)\n movq %rbx, 8(%rdi)\n movq %rbp, 16(%rdi)\n"
    "movq %rdx, 24(%rdi)\n movq %rsi, 32(%rdi)\n movq %r14, 40(%rdi)\n"
    POP("r14") POP("r13") POP("r12") POP("rbp") POP("rbx")
    END("field_multiply_adx_6"));

#else
typedef int field_adx_not_built; /* a file must declare something */
#endif
