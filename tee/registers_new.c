/* Making sets of registers, and attaching to those of other processes. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tee/registers_set.h"

enum { LOG_DEFAULT = 64 << 20, LOG_MAX = 1 << 30 };

static enum status system_failed(struct error *e, const char *what, int number)
{
    if (number == ENOMEM) return error_no_memory(e);
    return error_set(e, STATUS_IO, 0, ERROR_NO_OFFSET, "registers: %s: %s", what, strerror(number));
}

/* Takes over `fd`; -1: private memory. Nothing is touched until it is used. */
static enum status map(int fd, size_t size, struct tee_registers **out, struct error *e)
{
    struct tee_registers *r = malloc(sizeof *r);
    int number = ENOMEM;
    if (r) {
        const int flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE : MAP_SHARED;
        void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);
        if (p != MAP_FAILED) {
            *r = (struct tee_registers){.shared = p, .size = size, .fd = fd};
            *out = r;
            return STATUS_OK;
        }
        number = errno;
    }
    free(r);
    if (fd >= 0) close(fd);
    return system_failed(e, "mmap", number);
}

static enum status check_sizes(uint32_t count, size_t *log_bytes, struct error *e)
{
    if (count == 0 || count > TEE_REGISTERS)
        return error_set(e, STATUS_USAGE, TEE_INDEX, ERROR_NO_OFFSET, "a set has 1 to %d registers, not %u", TEE_REGISTERS,
                         count);
    if (*log_bytes > LOG_MAX)
        return error_set(e, STATUS_USAGE, TEE_LIMIT, ERROR_NO_OFFSET, "an event log has at most %d bytes, not %zu", LOG_MAX,
                         *log_bytes);
    if (*log_bytes == 0) *log_bytes = LOG_DEFAULT;
    return STATUS_OK;
}

/* The rest is zeros already. */
static void fill(struct tee_registers *r, uint32_t count, size_t log_bytes)
{
    r->count = r->shared->count = count;
    r->log_capacity = r->shared->log_capacity = log_bytes;
    r->shared->version = MAPPING_VERSION;
    memcpy(r->shared->magic, MAPPING_MAGIC, sizeof r->shared->magic);
}

enum status tee_registers_new(uint32_t count, size_t log_bytes, struct tee_registers **out, struct error *e)
{
    *out = NULL;
    enum status status = check_sizes(count, &log_bytes, e);
    if (status == STATUS_OK) status = map(-1, sizeof(struct register_mapping) + log_bytes, out, e);
    if (status == STATUS_OK) fill(*out, count, log_bytes);
    return status;
}

enum status tee_registers_new_shared(uint32_t count, size_t log_bytes, struct tee_registers **out, struct error *e)
{
    *out = NULL;
    const enum status checked = check_sizes(count, &log_bytes, e);
    if (checked != STATUS_OK) return checked;
    const size_t size = sizeof(struct register_mapping) + log_bytes;
    const int fd = memfd_create("nvm-registers", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) return system_failed(e, "memfd_create", errno);
    /* Its size is fixed for good, so that nobody can take pages away below somebody else. */
    if (ftruncate(fd, (off_t)size) < 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0) {
        const int number = errno;
        close(fd);
        return system_failed(e, "a memfd of fixed size", number);
    }
    const enum status status = map(fd, size, out, e);
    if (status == STATUS_OK) fill(*out, count, log_bytes);
    return status;
}

/* What the mapping says of itself must be what its size says. Copies, then looks: it may change meanwhile. */
static enum status adopt(struct tee_registers *r, struct error *e)
{
    struct register_mapping header;
    memcpy(&header, r->shared, offsetof(struct register_mapping, guard));
    if (memcmp(header.magic, MAPPING_MAGIC, sizeof header.magic) != 0)
        return tee_refuse(e, TEE_FORMAT, "the descriptor is not one of a set of registers");
    if (header.version != MAPPING_VERSION)
        return tee_refuse(e, TEE_VERSION, "the registers have version %u, expected %d", header.version, MAPPING_VERSION);
    if (header.count == 0 || header.count > TEE_REGISTERS)
        return tee_refuse(e, TEE_LENGTH, "the mapping says that it has %u registers; 1 to %d are possible", header.count,
                          TEE_REGISTERS);
    if (header.log_capacity != r->size - sizeof header)
        return tee_refuse(e, TEE_LENGTH, "the mapping says that its log has %llu bytes, but there are %zu",
                          (unsigned long long)header.log_capacity, r->size - sizeof header);
    r->count = header.count;
    r->log_capacity = header.log_capacity;
    return STATUS_OK;
}

static enum status check_descriptor(int fd, size_t *size, struct error *e)
{
    struct stat s;
    if (fstat(fd, &s) < 0) return system_failed(e, "fstat", errno);
    const int seals = fcntl(fd, F_GET_SEALS);
    if (seals < 0 || !(seals & F_SEAL_SHRINK))
        return tee_refuse(e, TEE_FORMAT, "the descriptor is not a memfd whose size is fixed");
    const uint64_t least = sizeof(struct register_mapping), most = least + LOG_MAX;
    if (s.st_size < 0 || (uint64_t)s.st_size < least || (uint64_t)s.st_size > most)
        return tee_refuse(e, TEE_LENGTH, "the mapping has %lld bytes; %llu to %llu are possible", (long long)s.st_size,
                          (unsigned long long)least, (unsigned long long)most);
    *size = (size_t)s.st_size;
    return STATUS_OK;
}

enum status tee_registers_attach(int fd, struct tee_registers **out, struct error *e)
{
    size_t size = 0;
    *out = NULL;
    enum status status = check_descriptor(fd, &size, e);
    if (status != STATUS_OK) return status;
    const int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (own < 0) return system_failed(e, "dup", errno);
    struct tee_registers *r = NULL;
    status = map(own, size, &r, e);
    if (status == STATUS_OK) status = adopt(r, e);
    if (status == STATUS_OK)
        *out = r;
    else
        tee_registers_free(r);
    return status;
}

int tee_registers_fd(const struct tee_registers *r)
{
    return r->fd;
}

void tee_registers_free(struct tee_registers *r)
{
    if (!r) return;
    munmap(r->shared, r->size);
    if (r->fd >= 0) close(r->fd);
    free(r);
}
