/* The processor's floating-point environment: how it rounds, whether tiny numbers become zero, what traps. WebAssembly has
 * the default one; an embedder may have set any. Code runs in the default environment, host functions and the embedder
 * see their own. Reading is cheap and writing is not, so nothing is written that is as it should be. Internal to vm/.
 *
 * Control and status registers are one thing here: flags that code raises are not seen outside. */
#ifndef VM_FLOAT_ENVIRONMENT_H
#define VM_FLOAT_ENVIRONMENT_H

#include <stdint.h>

#if defined(__x86_64__) || (defined(__i386__) && defined(__SSE2__))

struct float_environment {
    uint32_t sse;
    uint16_t x87;                  /* i386: functions return floats through it */
};

/* Every exception masked, round to nearest, nothing flushed; the low six bits are flags. */
enum { SSE_DEFAULT = 0x1f80, SSE_CONTROL = 0xffc0, X87_DEFAULT = 0x37f };

static inline void float_environment_read(struct float_environment *e)
{
    e->sse = __builtin_ia32_stmxcsr();
#ifdef __i386__
    __asm__ volatile("fnstcw %0" : "=m"(e->x87));
#endif
}

static inline void float_environment_default(const struct float_environment *now)
{
    if ((now->sse & SSE_CONTROL) != SSE_DEFAULT) __builtin_ia32_ldmxcsr(SSE_DEFAULT);
#ifdef __i386__
    const uint16_t x87 = X87_DEFAULT;
    if (now->x87 != x87) __asm__ volatile("fldcw %0" : : "m"(x87));
#endif
}

static inline void float_environment_write(const struct float_environment *e)
{
    if (__builtin_ia32_stmxcsr() != e->sse) __builtin_ia32_ldmxcsr(e->sse);
#ifdef __i386__
    if (e->x87 != X87_DEFAULT) __asm__ volatile("fldcw %0" : : "m"(e->x87));
#endif
}

#elif defined(__aarch64__)

struct float_environment {
    uint64_t control, status;
};

static inline void float_environment_read(struct float_environment *e)
{
    __asm__ volatile("mrs %0, fpcr" : "=r"(e->control));
    __asm__ volatile("mrs %0, fpsr" : "=r"(e->status));
}

static inline void float_environment_default(const struct float_environment *now)
{
    if (now->control != 0) __asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)0));
}

static inline void float_environment_write(const struct float_environment *e)
{
    if (e->control != 0) __asm__ volatile("msr fpcr, %0" : : "r"(e->control));
    __asm__ volatile("msr fpsr, %0" : : "r"(e->status));
}

#else
#include <fenv.h>

struct float_environment {
    fenv_t all;
};

static inline void float_environment_read(struct float_environment *e)
{
    fegetenv(&e->all);
}

static inline void float_environment_default(const struct float_environment *now)
{
    (void)now;
    fesetenv(FE_DFL_ENV);
}

static inline void float_environment_write(const struct float_environment *e)
{
    fesetenv(&e->all);
}
#endif

/* From the embedder into code, whose environment is the default one; *e keeps the embedder's. */
static inline void float_environment_enter(struct float_environment *e)
{
    float_environment_read(e);
    float_environment_default(e);
}

/* From code to the embedder. */
static inline void float_environment_leave(const struct float_environment *e)
{
    float_environment_write(e);
}

#endif
