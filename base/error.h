/* How functions fail. A function that can fail returns `enum status` and, unless it succeeded, has filled the
 * `struct error` that it was given. Nothing in the library aborts or exits. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

enum status {
    STATUS_OK = 0,
    STATUS_MALFORMED,  /* the input cannot be read: syntax, lengths, encodings */
    STATUS_INVALID,    /* the input can be read but breaks a rule (validation) */
    STATUS_UNLINKABLE, /* an import is missing or has another type */
    STATUS_LIMIT,      /* a limit of this implementation or of the configuration was exceeded */
    STATUS_NO_MEMORY,  /* the system has no memory left */
    STATUS_IO,         /* a file could not be read or written */
    STATUS_TRAP,       /* execution ended in a trap: details are in the trap, not in the error */
    STATUS_USAGE,      /* the caller passed something that the interface forbids */
    STATUS_SUSPENDED,  /* stopped as asked, to be continued: there is no result yet */
};

#define ERROR_NO_OFFSET UINT64_MAX

struct error {
    enum status status;
    int code;            /* which error, in the numbering of the folder that reports it; 0 if it has none */
    uint64_t offset;     /* byte offset in the input, or ERROR_NO_OFFSET */
    uint32_t line;       /* text input: line and column, counted from 1; otherwise 0 */
    uint32_t column;
    char message[232];   /* one line of English, without the offset; always NUL-terminated */
};

/* Fills *e and returns `status`. `e` may be null. The message is formatted as by printf and cut if too long. */
#if defined(__GNUC__)
__attribute__((format(printf, 5, 6)))
#endif
enum status error_set(struct error *e, enum status status, int code, uint64_t offset, const char *format, ...);

/* Fills *e with STATUS_NO_MEMORY and returns that. */
enum status error_no_memory(struct error *e);

/* The name of a status, in lower case ("malformed", "limit", ...). Never null. */
const char *status_name(enum status status);

#endif
