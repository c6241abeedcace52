/* A machine with attestation devices that do what a test wants: files and devices in memory behind struct tee_system, laid
 * out and numbered as Linux has them, independently of the code that is tested. */
#ifndef TESTS_FAKE_MACHINE_H
#define TESTS_FAKE_MACHINE_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "tee/provider.h"

enum fake_call { FAKE_OPEN, FAKE_READ, FAKE_WRITE, FAKE_CLOSE, FAKE_IOCTL, FAKE_MKDIR, FAKE_RMDIR, FAKE_CALLS };

/* An error that a call makes. */
struct fake_fault {
    enum fake_call call;
    const char *file;              /* the path's last part; null: any */
    int error;                     /* 0: no fault */
    unsigned times;                /* that many; UINT_MAX: always */
};

struct fake_file {
    bool open;
    char path[160];
    struct bytes content;          /* when it is read */
    size_t position;
    uint8_t written[256];
    size_t written_size;
};

enum { FAKE_FILES = 8, FAKE_QUOTE_MAX = 70000 };

struct fake_machine {
    struct fake_fault fault;
    size_t piece;                  /* at most so many bytes by one read or write; 0: all */
    /* which there are */
    bool has_configfs, has_tdx, has_sev, has_nsm, has_gramine;
    const char *provider;          /* "tdx_guest\n" */
    const char *privilege_floor;   /* null: no such file */
    const char *attestation_type;
    /* how configfs-tsm behaves */
    unsigned names_taken;          /* so many folders exist already */
    bool ignores_writes;
    unsigned jumps_before, jumps_after; /* by how much others raise the generation before and after the report is read */
    const char *generation_text;   /* in place of the number */
    /* what evidence looks like, as a function of the report data */
    size_t (*make_evidence)(struct fake_machine *m, const uint8_t report_data[64], uint8_t *out);
    bool other_report_data;        /* it is about something else */
    size_t evidence_size;          /* in place of the right one, if resized */
    bool resized;
    struct bytes auxiliary, sealing_key;
    /* how ioctls behave */
    unsigned busy_times;
    uint32_t firmware_status;
    uint32_t table_need;           /* what the host says it needs for certificates */
    uint32_t report_size;
    uint8_t key[32];
    bool (*nsm)(struct fake_machine *m, struct bytes request, struct buffer *response);
    void *nsm_self;
    uint64_t nsm_size;             /* in place of the response's, if not 0 */
    /* what happened */
    unsigned calls[FAKE_CALLS], sleeps, folders_made, folders_removed;
    char folder[160], first_folder[160];
    uint8_t inblob[64], gramine_data[64];
    bool has_inblob;
    char privilege_level[8];
    uint64_t generation;
    uint8_t first_request[112];    /* of the device */
    unsigned requests;
    bool requests_differ, layout_wrong;
    uint8_t random;
    struct fake_file files[FAKE_FILES];
    uint8_t evidence[FAKE_QUOTE_MAX];
    char text[32];
};

/* ---- what all calls do ------------------------------------------------------------------------------------------- */

static inline bool fake_is(const char *path, const char *name)
{
    const char *last = strrchr(path, '/');
    return strcmp(last ? last + 1 : path, name) == 0;
}

static inline bool fake_faulty(struct fake_machine *m, enum fake_call call, const char *path, int *error)
{
    struct fake_fault *f = &m->fault;
    m->calls[call]++;
    if (!f->error || f->call != call || (f->file && !fake_is(path, f->file)) || f->times == 0) return false;
    if (f->times != UINT_MAX) f->times--;
    *error = f->error;
    return true;
}

static inline int fake_fail(int *error, int value)
{
    *error = value;
    return -1;
}

static inline unsigned fake_open_files(const struct fake_machine *m)
{
    unsigned n = 0;
    for (int i = 0; i < FAKE_FILES; i++) n += m->files[i].open;
    return n;
}

static inline struct fake_file *fake_file_of(struct fake_machine *m, int fd)
{
    return fd >= 100 && fd < 100 + FAKE_FILES && m->files[fd - 100].open ? &m->files[fd - 100] : NULL;
}

/* ---- contents ---------------------------------------------------------------------------------------------------- */

static inline struct bytes fake_evidence(struct fake_machine *m, const uint8_t report_data[64])
{
    uint8_t data[64];
    memcpy(data, report_data, sizeof data);
    if (m->other_report_data) data[63] ^= 1;
    memset(m->evidence, 0, sizeof m->evidence);
    const size_t size = m->make_evidence(m, data, m->evidence);
    return bytes_of(m->evidence, m->resized ? m->evidence_size : size);
}

/* Files of a folder of configfs-tsm. False: there is no such file. */
static inline bool fake_tsm_content(struct fake_machine *m, const char *path, struct bytes *out, int *error)
{
    *error = ENOENT;
    if (fake_is(path, "provider")) {
        *out = bytes_of_string(m->provider);
    } else if (fake_is(path, "generation")) {
        snprintf(m->text, sizeof m->text, "%llu\n", (unsigned long long)m->generation);
        *out = bytes_of_string(m->generation_text ? m->generation_text : m->text);
    } else if (fake_is(path, "privlevel_floor") && m->privilege_floor) {
        *out = bytes_of_string(m->privilege_floor);
    } else if (fake_is(path, "outblob")) {
        *error = EINVAL;
        if (!m->has_inblob) return false;
        m->generation += m->jumps_after;
        *out = fake_evidence(m, m->inblob);
    } else if (fake_is(path, "auxblob")) {
        *out = m->auxiliary;
    } else {
        return false;
    }
    return true;
}

static inline bool fake_content(struct fake_machine *m, const char *path, struct bytes *out, int *error)
{
    *error = ENOENT;
    if (m->folder[0] && strncmp(path, m->folder, strlen(m->folder)) == 0) return fake_tsm_content(m, path, out, error);
    if (strncmp(path, "/dev/attestation/", 17) == 0 && m->has_gramine) {
        if (strcmp(path, "/dev/attestation/attestation_type") == 0) *out = bytes_of_string(m->attestation_type);
        else if (strcmp(path, "/dev/attestation/quote") == 0) *out = fake_evidence(m, m->gramine_data);
        else if (strcmp(path, "/dev/attestation/keys/_sgx_mrenclave") == 0) *out = m->sealing_key;
        else return false;
        return true;
    }
    static const uint8_t rtmr[48] = {0xab};
    if (!m->has_tdx || strcmp(path, "/sys/devices/virtual/misc/tdx_guest/measurements/rtmr2:sha384") != 0) return false;
    *out = bytes_of(rtmr, sizeof rtmr);
    return true;
}

static inline bool fake_is_device(const struct fake_machine *m, const char *path)
{
    return (m->has_tdx && strcmp(path, "/dev/tdx_guest") == 0) || (m->has_sev && strcmp(path, "/dev/sev-guest") == 0) ||
           (m->has_nsm && strcmp(path, "/dev/nsm") == 0);
}

static inline bool fake_is_writable(const struct fake_machine *m, const char *path)
{
    if (m->folder[0] && strncmp(path, m->folder, strlen(m->folder)) == 0)
        return fake_is(path, "inblob") || (fake_is(path, "privlevel") && m->privilege_floor);
    return m->has_gramine && strcmp(path, "/dev/attestation/user_report_data") == 0;
}

/* What the kernel does when a file is closed. */
static inline void fake_apply(struct fake_machine *m, const struct fake_file *f)
{
    if (fake_is(f->path, "user_report_data") && f->written_size == 64) memcpy(m->gramine_data, f->written, 64);
    if (f->written_size == 0 || m->ignores_writes) return;
    if (fake_is(f->path, "inblob") && f->written_size == 64) {
        memcpy(m->inblob, f->written, 64);
        m->has_inblob = true;
        m->generation += 1 + m->jumps_before;
    }
    if (fake_is(f->path, "privlevel") && f->written_size < sizeof m->privilege_level) {
        memcpy(m->privilege_level, f->written, f->written_size);
        m->generation++;
    }
}

/* ---- the system's calls ------------------------------------------------------------------------------------------ */

static inline int fake_open(void *self, const char *path, int flags, int *error)
{
    struct fake_machine *m = self;
    if (fake_faulty(m, FAKE_OPEN, path, error)) return -1;
    struct bytes content = {0};
    if (!fake_is_device(m, path)) {
        if ((flags & O_ACCMODE) == O_RDONLY ? !fake_content(m, path, &content, error) : !fake_is_writable(m, path))
            return (flags & O_ACCMODE) == O_RDONLY ? -1 : fake_fail(error, ENOENT);
    }
    for (int i = 0; i < FAKE_FILES; i++) {
        if (m->files[i].open) continue;
        m->files[i] = (struct fake_file){.open = true, .content = content};
        snprintf(m->files[i].path, sizeof m->files[i].path, "%s", path);
        return 100 + i;
    }
    return fake_fail(error, EMFILE);
}

static inline int64_t fake_read(void *self, int fd, void *data, size_t size, int *error)
{
    struct fake_machine *m = self;
    struct fake_file *f = fake_file_of(m, fd);
    if (!f) return fake_fail(error, EBADF);
    if (fake_faulty(m, FAKE_READ, f->path, error)) return -1;
    size_t n = f->content.size - f->position;
    if (n > size) n = size;
    if (m->piece && n > m->piece) n = m->piece;
    if (n) memcpy(data, f->content.data + f->position, n);
    f->position += n;
    return (int64_t)n;
}

static inline int64_t fake_write(void *self, int fd, const void *data, size_t size, int *error)
{
    struct fake_machine *m = self;
    struct fake_file *f = fake_file_of(m, fd);
    if (!f) return fake_fail(error, EBADF);
    if (fake_faulty(m, FAKE_WRITE, f->path, error)) return -1;
    size_t n = m->piece && size > m->piece ? m->piece : size;
    if (f->written_size + n > sizeof f->written) return fake_fail(error, EFBIG);
    memcpy(f->written + f->written_size, data, n);
    f->written_size += n;
    return (int64_t)n;
}

static inline int fake_close(void *self, int fd, int *error)
{
    struct fake_machine *m = self;
    struct fake_file *f = fake_file_of(m, fd);
    if (!f) return fake_fail(error, EBADF);
    const bool faulty = fake_faulty(m, FAKE_CLOSE, f->path, error);
    if (!faulty) fake_apply(m, f);
    f->open = false;
    return faulty ? -1 : 0;
}

static inline int fake_mkdir(void *self, const char *path, int *error)
{
    struct fake_machine *m = self;
    if (fake_faulty(m, FAKE_MKDIR, path, error)) return -1;
    if (!m->has_configfs || strncmp(path, "/sys/kernel/config/tsm/report/", 30) != 0) return fake_fail(error, ENOENT);
    if (!m->provider) return fake_fail(error, ENXIO);
    if (!m->first_folder[0]) snprintf(m->first_folder, sizeof m->first_folder, "%s", path);
    if (m->names_taken) {
        m->names_taken--;
        return fake_fail(error, EEXIST);
    }
    snprintf(m->folder, sizeof m->folder, "%s", path);
    m->generation = 0;
    m->has_inblob = false;
    m->folders_made++;
    return 0;
}

static inline int fake_rmdir(void *self, const char *path, int *error)
{
    struct fake_machine *m = self;
    if (fake_faulty(m, FAKE_RMDIR, path, error)) return -1;
    if (strcmp(path, m->folder) != 0) return fake_fail(error, ENOENT);
    if (fake_open_files(m)) return fake_fail(error, EBUSY);
    m->folder[0] = 0;
    m->folders_removed++;
    return 0;
}

static inline void fake_sleep(void *self, unsigned ms)
{
    ((struct fake_machine *)self)->sleeps += ms > 0;
}

static inline bool fake_random(void *self, void *data, size_t size)
{
    struct fake_machine *m = self;
    memset(data, ++m->random, size);
    return true;
}

/* ---- devices ----------------------------------------------------------------------------------------------------- */

static inline void *fake_pointer(const uint8_t *at)
{
    return (void *)(uintptr_t)load_le64(at); /* as the kernel would take it; little-endian hosts only */
}

/* Whether the request is the one before, byte for byte. */
static inline void fake_compare(struct fake_machine *m, const void *request, size_t size)
{
    if (m->requests == 0) memcpy(m->first_request, request, size);
    else if (memcmp(m->first_request, request, size) != 0) m->requests_differ = true;
    m->requests++;
}

static inline int fake_tdx_report(uint8_t *argument)
{
    uint8_t *report = argument + 64;
    for (int i = 0; i < 1024; i++) report[i] = (uint8_t)(i / 48);
    memcpy(report + 128, argument, 64);
    return 0;
}

static inline bool fake_zero(const uint8_t *p, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (p[i]) return false;
    return true;
}

static inline int fake_sev_report(struct fake_machine *m, uint8_t *argument, int *error)
{
    uint8_t *request = fake_pointer(argument + 8), *response = fake_pointer(argument + 16);
    uint8_t *certificates = fake_pointer(request + 96);
    const uint32_t room = load_le32(request + 104);
    if (argument[0] != 1 || load_le32(request + 64) != 0 || !fake_zero(request + 68, 28) || room % 4096)
        m->layout_wrong = true;
    fake_compare(m, request, 96);
    if (m->busy_times) {
        m->busy_times--;
        store_le64(argument + 24, (uint64_t)2 << 32);
        return fake_fail(error, EIO);
    }
    if (m->table_need > room) {
        store_le32(request + 104, m->table_need);
        store_le64(argument + 24, (uint64_t)1 << 32);
        return fake_fail(error, ENOSPC);
    }
    memset(response, 0, 4000);
    store_le32(response, m->firmware_status);
    store_le32(response + 4, m->report_size);
    const struct bytes report = fake_evidence(m, request);
    memcpy(response + 32, report.data, 1184);
    if (m->auxiliary.size && m->auxiliary.size <= room) memcpy(certificates, m->auxiliary.data, m->auxiliary.size);
    return 0;
}

static inline int fake_sev_key(struct fake_machine *m, uint8_t *argument, int *error)
{
    uint8_t *request = fake_pointer(argument + 8), *response = fake_pointer(argument + 16);
    if (argument[0] != 1 || !fake_zero(request, 8) || load_le64(request + 8) != 9 || !fake_zero(request + 16, 16))
        m->layout_wrong = true;
    fake_compare(m, request, 32);
    if (m->busy_times) {
        m->busy_times--;
        return fake_fail(error, EBUSY);
    }
    memset(response, 0, 64);
    store_le32(response, m->firmware_status);
    memcpy(response + 32, m->key, 32);
    return 0;
}

static inline int fake_nsm(struct fake_machine *m, uint8_t *argument, int *error)
{
    const struct bytes request = bytes_of(fake_pointer(argument), (size_t)load_le64(argument + 8));
    const uint64_t room = load_le64(argument + 24);
    struct buffer response = {0};
    if (request.size > 0x1000) return fake_fail(error, EMSGSIZE);
    if (room != 0x3000) m->layout_wrong = true;
    m->requests++;
    if (!m->nsm(m, request, &response)) return fake_fail(error, ENODATA);
    const size_t size = response.size < room ? response.size : (size_t)room; /* cut without a word, as the driver does */
    if (size) memcpy(fake_pointer(argument + 16), response.data, size);
    store_le64(argument + 24, m->nsm_size ? m->nsm_size : size);
    buffer_free(&response);
    return 0;
}

static inline int fake_ioctl(void *self, int fd, unsigned long request, void *argument, int *error)
{
    struct fake_machine *m = self;
    const struct fake_file *f = fake_file_of(m, fd);
    if (!f) return fake_fail(error, EBADF);
    if (fake_faulty(m, FAKE_IOCTL, f->path, error)) return -1;
    if (strcmp(f->path, "/dev/tdx_guest") == 0 && request == 0xc4405401) return fake_tdx_report(argument);
    if (strcmp(f->path, "/dev/sev-guest") == 0 && request == 0xc0205302) return fake_sev_report(m, argument, error);
    if (strcmp(f->path, "/dev/sev-guest") == 0 && request == 0xc0205301) return fake_sev_key(m, argument, error);
    if (strcmp(f->path, "/dev/nsm") == 0 && request == 0xc0200a00) return fake_nsm(m, argument, error);
    return fake_fail(error, ENOTTY);
}

static inline struct tee_system fake_system(struct fake_machine *m)
{
    return (struct tee_system){
        .open = fake_open, .read = fake_read, .write = fake_write, .close = fake_close, .ioctl = fake_ioctl,
        .mkdir = fake_mkdir, .rmdir = fake_rmdir, .sleep_ms = fake_sleep, .random = fake_random, .self = m,
    };
}

#endif
