#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int sync_descriptor(int fd)
{
    int failed;
    do failed = fsync(fd);
    while (failed && errno == EINTR);
    return failed;
}

/* After a rename the directory, too, must reach the disk. It is not a failure if the file system cannot do this, or if
 * the directory may not be read. */
static int sync_directory(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
    int fd = -1;
    if (!folder) return -1;
    do fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (fd < 0 && errno == EINTR);
    free(folder);
    if (fd < 0) return errno == EACCES ? 0 : -1;
    const int failed = sync_descriptor(fd), problem = errno;
    close(fd);
    errno = problem;
    return failed && (problem == EINVAL || problem == ENOTSUP) ? 0 : failed;
}

static void release(struct file_replacement *r)
{
    free(r->target);
    free(r->temporary);
    *r = (struct file_replacement){.fd = -1};
}

enum status file_replace_begin(struct file_replacement *r, const char *path, enum file_replace_kind kind,
                               struct error *e)
{
    struct stat old;
    *r = (struct file_replacement){.fd = -1, .path = path, .kind = kind};
    r->target = file_name_beside(path, "");
    r->temporary = file_name_beside(path, ".nvm-tmp");
    enum status status = r->target && r->temporary ? STATUS_OK : error_no_memory(e);
    if (status == STATUS_OK)
        status = file_claim(r->temporary, kind == FILE_MAKE_SECRET ? 0600 : 0666, "write", path, &r->fd, e);
    if (status != STATUS_OK) {
        release(r);
        return status;
    }
    /* a file that takes the place of another one has its permissions */
    if (kind == FILE_REPLACE && stat(r->target, &old) == 0) (void)fchmod(r->fd, old.st_mode & 07777);
    return STATUS_OK;
}

/* Gives the file its name. The link fails if there is a file of that name. */
static int put_into_place(const struct file_replacement *r)
{
    if (r->kind == FILE_REPLACE) return rename(r->temporary, r->target);
    return link(r->temporary, r->target) == 0 ? unlink(r->temporary) : -1;
}

enum status file_replace_end(struct file_replacement *r, enum status status, struct error *e)
{
    if (status == STATUS_OK && sync_descriptor(r->fd) != 0) status = file_error(e, "write", r->path);
    if (status == STATUS_OK && put_into_place(r) != 0) status = file_error(e, "write", r->path);
    if (status != STATUS_OK) unlink(r->temporary);
    else if (sync_directory(r->target) != 0) status = file_error(e, "be sure of the directory of", r->path);
    /* the data are on the disk: what close could still say is nothing */
    close(r->fd);
    release(r);
    return status;
}
