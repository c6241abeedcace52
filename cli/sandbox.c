#include "cli/sandbox.h"

#include "base/file.h"
#include "base/sanitized.h"
#include "cli/sandbox_seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- landlock: numbers of the kernel's interface (linux/landlock.h), which older headers lack -------------------- */

#define ACCESS_WRITE_FILE (UINT64_C(1) << 1)
#define ACCESS_READ_FILE (UINT64_C(1) << 2)
#define ACCESS_READ_DIR (UINT64_C(1) << 3)
#define ACCESS_REMOVE_FILE (UINT64_C(1) << 5)
#define ACCESS_MAKE_REG (UINT64_C(1) << 8)
#define ACCESS_TRUNCATE (UINT64_C(1) << 14)
enum {
    CALL_CREATE_RULESET = 444, /* the same on every architecture */
    CALL_ADD_RULE = 445,
    CALL_RESTRICT_SELF = 446,
    FLAG_VERSION = 1,
    RULE_PATH_BENEATH = 1,
};

struct ruleset {
    uint64_t handled_fs;
};
struct __attribute__((packed)) path_beneath {
    uint64_t allowed;
    int32_t parent;
};

/* 0: the kernel has none. */
static long landlock_version(void)
{
    const long version = SANITIZED ? 0 : syscall(CALL_CREATE_RULESET, NULL, (size_t)0, FLAG_VERSION);
    return version > 0 ? version : 0;
}

/* All accesses to files that this version knows: 13 in the first one, then REFER, TRUNCATE and IOCTL_DEV came. */
static uint64_t accesses_of(long version)
{
    const int bits = version <= 1 ? 13 : version == 2 ? 14 : version <= 4 ? 15 : 16;
    return (UINT64_C(1) << bits) - 1;
}

static void give_up_landlock(struct sandbox *s)
{
    if (s->ruleset >= 0) close(s->ruleset);
    s->ruleset = -1;
}

static void allow(struct sandbox *s, const char *path, uint64_t accesses)
{
    struct stat info;
    if (s->ruleset < 0) return;
    int fd;
    do fd = open(path, O_PATH | O_CLOEXEC);
    while (fd < 0 && errno == EINTR);
    if (fd < 0) { /* if nothing is there, whoever opens it is told so */
        if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) give_up_landlock(s);
        return;
    }
    const bool folder = fstat(fd, &info) == 0 && S_ISDIR(info.st_mode);
    if (!folder) accesses &= ACCESS_WRITE_FILE | ACCESS_READ_FILE | ACCESS_TRUNCATE;
    const struct path_beneath rule = {accesses & s->handled, fd};
    /* rather all files than one too few */
    if (syscall(CALL_ADD_RULE, s->ruleset, RULE_PATH_BENEATH, &rule, 0u) != 0) give_up_landlock(s);
    close(fd);
}

/* ---- what is needed ---------------------------------------------------------------------------------------------- */

void sandbox_begin(struct sandbox *s, bool off)
{
    *s = (struct sandbox){.off = off || SANITIZED, .ruleset = -1};
    const long version = s->off ? 0 : landlock_version();
    if (!version) return;
    s->handled = accesses_of(version);
    const struct ruleset all = {s->handled};
    s->ruleset = (int)syscall(CALL_CREATE_RULESET, &all, sizeof all, 0u);
}

static bool is_file(const char *path)
{
    return path && strcmp(path, "-") != 0;
}

void sandbox_may_read(struct sandbox *s, const char *path)
{
    if (is_file(path)) allow(s, path, ACCESS_READ_FILE | ACCESS_READ_DIR);
}

void sandbox_may_write(struct sandbox *s, const char *path)
{
    struct stat info;
    if (!is_file(path)) return;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
        allow(s, path, ACCESS_WRITE_FILE);
        return;
    }
    char *folder = file_name_beside(path, "");
    char *slash = folder ? strrchr(folder, '/') : NULL;
    if (slash) slash[slash == folder] = 0;
    if (folder)
        allow(s, slash ? folder : ".", ACCESS_READ_FILE | ACCESS_READ_DIR | ACCESS_WRITE_FILE | ACCESS_REMOVE_FILE |
                                           ACCESS_MAKE_REG);
    else give_up_landlock(s);
    free(folder);
}

/* ---- entering ---------------------------------------------------------------------------------------------------- */

/* What the C library and the engine read by themselves: how many processors there are, which pages were touched. */
static void allow_own(struct sandbox *s)
{
    static const char *const own[] = {"/proc/self/pagemap", "/proc/self/cmdline", "/sys/devices/system/cpu/online",
                                      "/proc/stat", "/dev/urandom"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) allow(s, own[i], ACCESS_READ_FILE);
}

void sandbox_enter(struct sandbox *s)
{
    if (s->off) return;
    allow_own(s);
    if (s->devices) give_up_landlock(s);
    if (s->ruleset >= 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        (void)!syscall(CALL_RESTRICT_SELF, s->ruleset, 0u);
    give_up_landlock(s);
    (void)sandbox_seccomp(s->devices);
}

void sandbox_describe(char out[static SANDBOX_TEXT])
{
    const long version = landlock_version();
    const bool calls = !SANITIZED && sandbox_seccomp_there();
    char files[32] = "";
    if (version) snprintf(files, sizeof files, "%slandlock %ld", calls ? ", " : "", version);
    snprintf(out, SANDBOX_TEXT, "%s%s", calls ? "seccomp" : version ? "" : "none", files);
}
