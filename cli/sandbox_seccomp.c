#include "cli/sandbox_seccomp.h"

#include <errno.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

static const char *const allowed[] = {
#define X(name) #name,
#include "cli/sandbox_calls.def"
#undef X
};
static const char *const deadly[] = {
#define X(name) #name,
#include "cli/sandbox_deadly.def"
#undef X
};
/* What the providers of evidence do besides (tee/device.h). */
static const char *const for_devices[] = {"ioctl", "mkdir", "mkdirat", "rmdir"};

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* A call that this architecture or this libseccomp does not know needs no rule. `argument` -1: whatever they are. */
static bool add(scmp_filter_ctx filter, uint32_t action, const char *name, int argument, enum scmp_compare compare,
                uint64_t a, uint64_t b)
{
    const int call = seccomp_syscall_resolve_name(name);
    if (call == __NR_SCMP_ERROR) return true;
    const struct scmp_arg_cmp condition = {argument < 0 ? 0 : (unsigned)argument, compare, a, b};
    const int result = seccomp_rule_add_array(filter, action, call, argument < 0 ? 0 : 1, &condition);
    return result == 0 || result == -EINVAL || result == -EDOM || result == -EACCES;
}

static bool add_all(scmp_filter_ctx filter, uint32_t action, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!add(filter, action, names[i], -1, SCMP_CMP_EQ, 0, 0)) return false;
    return true;
}

/* Calls that are right with some arguments only. */
static bool add_conditions(scmp_filter_ctx filter)
{
    static const char *const mapping[] = {"mmap", "mmap2", "mprotect"};
    bool ok = true;
    /* no memory becomes executable */
    for (size_t i = 0; i < COUNT(mapping); i++)
        ok = ok && add(filter, SCMP_ACT_ALLOW, mapping[i], 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    /* threads, no processes; clone3 hides its flags, and without it the C library takes clone */
    ok = ok && add(filter, SCMP_ACT_ALLOW, "clone", 0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD);
    ok = ok && add(filter, SCMP_ACT_ERRNO(ENOSYS), "clone3", -1, SCMP_CMP_EQ, 0, 0);
    /* signals to itself: abort */
    ok = ok && add(filter, SCMP_ACT_ALLOW, "tgkill", 0, SCMP_CMP_EQ, (uint64_t)getpid(), 0);
    ok = ok && add(filter, SCMP_ACT_ALLOW, "prctl", 0, SCMP_CMP_EQ, PR_SET_NAME, 0);
    /* limits are looked at, not set */
    ok = ok && add(filter, SCMP_ACT_ALLOW, "prlimit64", 2, SCMP_CMP_EQ, 0, 0);
    return ok;
}

/* Whether and how wide a terminal is. */
static bool add_terminal(scmp_filter_ctx filter)
{
    static const uint64_t requests[] = {TCGETS, TIOCGWINSZ};
    for (size_t i = 0; i < COUNT(requests); i++)
        if (!add(filter, SCMP_ACT_ALLOW, "ioctl", 1, SCMP_CMP_EQ, requests[i], 0)) return false;
    return true;
}

bool sandbox_seccomp(bool devices)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter) return false;
    bool ok = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0;
    ok = ok && add_all(filter, SCMP_ACT_ALLOW, allowed, COUNT(allowed)) && add_conditions(filter);
    ok = ok && (devices ? add_all(filter, SCMP_ACT_ALLOW, for_devices, COUNT(for_devices)) : add_terminal(filter));
    ok = ok && add_all(filter, SCMP_ACT_KILL_PROCESS, deadly, COUNT(deadly)) && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return ok;
}

bool sandbox_seccomp_there(void)
{
    return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;
}
