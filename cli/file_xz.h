/* Files that xz has compressed. */
#ifndef CLI_FILE_XZ_H
#define CLI_FILE_XZ_H

#include "base/bytes.h"
#include "base/error.h"

/* Whether the name ends in .xz. */
bool file_is_xz(const char *path);

/* Appends what is in the file, uncompressed by the command xz; at most `limit` bytes. STATUS_LIMIT, STATUS_IO, STATUS_NO_MEMORY. */
enum status file_read_xz(const char *path, size_t limit, struct buffer *out, struct error *e);

#endif
