/* The half of the sandbox that is about system calls. */
#ifndef CLI_SANDBOX_SECCOMP_H
#define CLI_SANDBOX_SECCOMP_H

#include <stdbool.h>

/* Allows what sandbox_calls.def lists, and with `devices` what talking to hardware takes. Other calls fail with EPERM;
 * those of sandbox_deadly.def end the process. False: the kernel does not, or libseccomp; nothing has changed then. */
bool sandbox_seccomp(bool devices);
/* Whether the kernel filters system calls. */
bool sandbox_seccomp_there(void);

#endif
