/* Files that survive anything: read whole, replaced in one step, locked while they are changed.
 *
 * A file that is written is there as it was or as it is to be, whatever is killed, fails or runs out of space: the new
 * one is written beside it as NAME.nvm-tmp, brought to the disk, and renamed. A file that is changed is locked from
 * before it is read until it is written: by flock on NAME.nvm-lock, which is there only meanwhile. Both names are
 * locked as long as their process lives, so what a killed process has left is recognised and removed by the next one
 * that writes the same file. Reading takes no lock: a reader sees the old file or the new one.
 *
 * STATUS_IO with the system's error number as code and the path in the message; STATUS_NO_MEMORY. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/error.h"

/* ---- file.c: whole files ----------------------------------------------------------------------------------------- */

enum { FILE_LIMIT = 1 << 30 }; /* more than that is not read */

/* Reads a file ("-": standard input) of at most `limit` bytes. */
enum status file_read(const char *path, size_t limit, struct buffer *out, struct error *e);

/* Writes a file completely or not at all ("-": standard output; pipes and devices are written to directly). A symbolic
 * link stays one, and the file keeps its permissions. */
enum status file_write(const char *path, const void *data, size_t size, struct error *e);

/* Writes a secret: only its owner may read it, and there must be no such file yet (code EEXIST). */
enum status file_write_secret(const char *path, struct bytes secret, struct error *e);

/* ---- file_stream.c ----------------------------------------------------------------------------------------------- */

/* A stream over a descriptor, which it takes over unless it is null: unlike fdopen's it goes on after short reads and
 * writes and after signals. "r" or "w". */
FILE *file_stream(int fd, const char *mode);

/* Opens a file for reading; STATUS_IO if it is a directory. *size, which may be null, is 0 if nobody knows. */
enum status file_open_stream(const char *path, FILE **out, uint64_t *size, struct error *e);

/* ---- file_replace.c ---------------------------------------------------------------------------------------------- */

enum file_replace_kind { FILE_REPLACE, FILE_MAKE_SECRET };

/* A file that is being written. */
struct file_replacement {
    int fd;                        /* where to write */
    const char *path;              /* the caller's, for messages */
    char *target, *temporary;
    enum file_replace_kind kind;
};

enum status file_replace_begin(struct file_replacement *r, const char *path, enum file_replace_kind kind,
                               struct error *e);
/* Puts the new file into place if `status` is STATUS_OK, otherwise removes it: then the old one is as it was. Returns
 * `status`, or why it failed. After file_replace_begin has succeeded, once. */
enum status file_replace_end(struct file_replacement *r, enum status status, struct error *e);

/* ---- file_lock.c ------------------------------------------------------------------------------------------------- */

enum { FILE_LOCK_WAIT = 5 };       /* seconds until whoever waits gives up */

/* Zero-initialise: holds nothing. */
struct file_lock {
    int fd;
    char *name;                    /* of the lock file; null: nothing is held */
};

/* Locks the file, which need not be there, against other processes that would change it. Waits for FILE_LOCK_WAIT;
 * then STATUS_IO with EBUSY, and the message names the process that holds it. What is not a regular file ("-", a pipe)
 * has no lock: STATUS_OK. Also removes what a killed process has left of its writing. */
enum status file_lock(struct file_lock *l, const char *path, struct error *e);
void file_unlock(struct file_lock *l);

/* Makes the file `name` and locks it as long as *fd is open. One that a dead process has left is removed first; that
 * of a living one is waited for. `what`: what cannot be done otherwise, `path`: with which file, for the message. */
enum status file_claim(const char *name, unsigned mode, const char *what, const char *path, int *fd, struct error *e);

/* The file behind all symbolic links with `suffix` added; null without memory. Free with free. */
char *file_name_beside(const char *path, const char *suffix);

enum status file_error(struct error *e, const char *what, const char *path);

#endif
