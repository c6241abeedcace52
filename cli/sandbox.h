/* What a command that reads hostile input needs no longer is given up: by landlock all files but those that it was
 * asked to read and write, by seccomp all calls of the system but those that reading, computing and writing take. Where
 * the kernel has neither, or another sandbox around us forbids it, the command goes on without: `nvm version` says what
 * there is. Builds with sanitizers, which need more, have none. SECURITY.md says what this is for. */
#ifndef CLI_SANDBOX_H
#define CLI_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

/* Start with sandbox_begin; then say what is needed; then sandbox_enter, before there are other threads. */
struct sandbox {
    bool off;
    bool devices;                  /* hardware that makes evidence will be asked: files are not restricted */
    int ruleset;                   /* -1: files are not restricted */
    uint64_t handled;              /* accesses to files that this kernel can restrict */
};

void sandbox_begin(struct sandbox *s, bool off);

/* A path that is null, "-" or not there needs nothing. A folder may be read with all that is in it. */
void sandbox_may_read(struct sandbox *s, const char *path);
/* Writing a file takes its folder: it is written beside, and renamed (base/file.h). */
void sandbox_may_write(struct sandbox *s, const char *path);

/* From here on the process has what was said, and nothing else; also its threads. */
void sandbox_enter(struct sandbox *s);

/* "seccomp, landlock 7", "none". */
enum { SANDBOX_TEXT = 64 };
void sandbox_describe(char out[static SANDBOX_TEXT]);

#define SANDBOX_OPTION(target) \
    {"no-sandbox", 0, OPTION_FLAG, target, NULL, "do not give up what is not needed (docs/cli.md)", 0}

#endif
