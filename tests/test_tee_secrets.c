/* Where a root's bytes are in memory while it is used, and that they are nowhere afterwards. */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sanitized.h"
#include "crypto/wipe.h"
#include "tee/release.h"
#include "tee/root.h"
#include "tee/secret_memory.h"
#include "tee/sealed_key.h"
#include "tests/test.h"

enum { SIZE = 32, MASK = 0xa5 };

/* The secret is not in this program: its bytes are these, each with MASK. */
static const uint8_t masked[SIZE] = {0x13, 0x7f, 0x42, 0xd9, 0x08, 0xee, 0x55, 0x91, 0x3c, 0xa0, 0x6b,
                                     0xf7, 0x24, 0x8d, 0x1e, 0xc3, 0x70, 0x99, 0x05, 0xba, 0x4f, 0xd2,
                                     0x36, 0x81, 0xe4, 0x5b, 0x0c, 0xa7, 0x68, 0xf1, 0x2d, 0x93};

static char folder[] = "/tmp/nvm-secrets-XXXXXX", path[64];

/* Byte by byte, so that it is nowhere in one piece. */
static void write_key_file(void)
{
    snprintf(path, sizeof path, "%s/key", folder);
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = fd >= 0;
    for (int i = 0; i < SIZE && ok; i++) {
        uint8_t byte = masked[i] ^ MASK;
        ok = write(fd, &byte, 1) == 1;
        wipe(&byte, sizeof byte);
    }
    CHECK(ok && close(fd) == 0);
}

/* What /proc/self/smaps says of a mapping. */
struct mapping {
    uintptr_t from, to;
    bool readable, locked, undumped;
};

/* As it is, or with its words as a hash has them: the other way round. */
static bool is_copy(const uint8_t *p, int order)
{
    int n = 0;
    while (n < SIZE && p[n ^ order] == (masked[n] ^ MASK)) n++;
    return n == SIZE;
}

static unsigned copies_between(const uint8_t *p, const uint8_t *end, const uint8_t **first)
{
    unsigned found = 0;
    for (; p + SIZE <= end; p++) {
        if (!is_copy(p, 0) && !is_copy(p, 3)) continue;
        found++;
        *first = p;
    }
    return found;
}

struct search {
    unsigned all, locked, undumped;
    const uint8_t *first;
};

static void look_into(const struct mapping *m, struct search *s)
{
    if (!m->readable) return;
    const unsigned n = copies_between((const uint8_t *)m->from, (const uint8_t *)m->to, &s->first);
    s->all += n;
    if (m->locked) s->locked += n;
    if (m->undumped) s->undumped += n;
}

/* All that can be written to; the flags of a mapping come after its other lines. False: the system does not say. */
static bool search(struct search *s)
{
    char line[512], modes[8], name[256];
    struct mapping m = {0};
    unsigned long from, to;
    unsigned flags = 0;
    *s = (struct search){0};
    FILE *f = fopen("/proc/self/smaps", "r");
    if (!f) return false;
    while (fgets(line, sizeof line, f)) {
        name[0] = 0;
        if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %255s", &from, &to, modes, name) >= 3) {
            const bool special = name[0] == '[' && strcmp(name, "[heap]") != 0 && strcmp(name, "[stack]") != 0;
            m = (struct mapping){.from = from, .to = to, .readable = modes[0] == 'r' && modes[1] == 'w' && !special};
        }
        if (strncmp(line, "VmFlags:", 8) != 0) continue;
        flags++;
        m.locked = strstr(line, " lo") != NULL;
        m.undumped = strstr(line, " dd") != NULL;
        look_into(&m, s);
    }
    fclose(f);
    return flags > 0;
}

static bool random_bytes(void *self, void *data, size_t size)
{
    (void)self;
    for (size_t i = 0; i < size; i++) ((uint8_t *)data)[i] = (uint8_t)(i * 11 + 3);
    return true;
}

/* Everything that is done with a root. */
static void use(const struct tee_root *root)
{
    const struct tee_system system = {.random = random_bytes};
    const struct tee_seal_policy policy = {.counter = 1};
    struct error e = {0};
    struct buffer blob = {0}, plain = {0}, message = {0};
    struct tee_release_key *key = NULL;
    struct tee_release_context context = {.label = bytes_of_string("label")};
    uint8_t id[TEE_ROOT_ID_SIZE];
    const struct bytes data = bytes_of_string("data");
    CHECK_EQUAL(tee_seal(root, &system, SEAL_RUN, &policy, NULL, data, &blob, &e), STATUS_OK);
    CHECK_EQUAL(tee_unseal(root, SEAL_RUN, bytes_of(blob.data, blob.size), NULL, NULL, 0, &plain, &e), STATUS_OK);
    tee_release_root_id(root, id);
    CHECK_EQUAL(tee_release_key_new(&system, &key, &e), STATUS_OK);
    const struct bytes receiver = bytes_of(tee_release_key_public(key), TEE_RELEASE_PUBLIC_SIZE);
    CHECK_EQUAL(tee_release_wrap(root, &system, receiver, &context, &message, &e), STATUS_OK);
    struct tee_root *got = tee_root_new();
    const struct bytes m = bytes_of(message.data, message.size);
    if (CHECK(got)) CHECK_EQUAL(tee_release_unwrap(key, m, &context, id, got, &e), STATUS_OK);
    tee_root_free(got);
    tee_release_key_free(key);
    buffer_free(&blob);
    buffer_free(&plain);
    buffer_free(&message);
}

static void whereabouts(void)
{
    struct search s;
    struct error e = {0};
    test_begin("a root is in one place, locked and out of dumps, and then nowhere");
    write_key_file();
    if (!search(&s)) {
        puts("  skipped: /proc/self/smaps has no flags here");
        return;
    }
    CHECK_EQUAL(s.all, 0);
    struct tee_root *root = tee_root_new();
    if (!CHECK(root)) return;
    CHECK_EQUAL(tee_root_file(path, root, &e), STATUS_OK);
    use(root);
    CHECK(search(&s));
    CHECK_EQUAL(s.all, 1);
    CHECK(s.first == root->secret);
    CHECK_EQUAL(s.undumped, 1);
    struct rlimit limit;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur >= 1 << 16) CHECK_EQUAL(s.locked, 1);
    else puts("  skipped: nothing can be locked here");
    tee_root_free(root);
    CHECK(search(&s));
    CHECK_EQUAL(s.all, 0);
}

/* ---- stacks ------------------------------------------------------------------------------------------------------ */

enum { STACK = 1 << 19 };

static void *name_it(void *root)
{
    uint8_t id[TEE_ROOT_ID_SIZE];
    tee_root_id(root, id);
    return NULL;
}

static void *wrap_it(void *root)
{
    const struct tee_system system = {.random = random_bytes};
    struct error e;
    uint8_t point[TEE_RELEASE_PUBLIC_SIZE];
    struct buffer message = {0};
    struct tee_release_context context = {.label = bytes_of_string("label")};
    struct tee_release_key *key = NULL;
    if (tee_release_key_new(&system, &key, &e) == STATUS_OK) memcpy(point, tee_release_key_public(key), sizeof point);
    tee_release_wrap(root, &system, bytes_of(point, sizeof point), &context, &message, &e);
    tee_release_key_free(key);
    buffer_free(&message);
    return NULL;
}

static void *read_it(void *root)
{
    struct error e;
    tee_root_file(path, root, &e);
    return NULL;
}

/* What a thread that has worked with the root leaves on its stack, which is ours. */
static void stacks(void)
{
    static void *(*const works[])(void *) = {read_it, name_it, wrap_it};
    test_begin("nothing of a root stays on the stack");
    struct tee_root *root = tee_root_new();
    uint8_t *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (!CHECK(root && stack != MAP_FAILED)) return;
    for (size_t i = 0; i < sizeof works / sizeof works[0]; i++) {
        pthread_t thread;
        pthread_attr_t attributes;
        const uint8_t *first = NULL;
        memset(stack, 0, STACK);
        pthread_attr_init(&attributes);
        CHECK(pthread_attr_setstack(&attributes, stack, STACK) == 0);
        CHECK(pthread_create(&thread, &attributes, works[i], root) == 0 && pthread_join(thread, NULL) == 0);
        pthread_attr_destroy(&attributes);
        if (!CHECK_EQUAL(copies_between(stack, stack + STACK, &first), 0)) printf("  work %zu\n", i);
        CHECK(root->secret[0] == (masked[0] ^ MASK));
    }
    munmap(stack, STACK);
    tee_root_free(root);
}

/* A file that is refused after it was read leaves nothing, either. */
static void refused(void)
{
    struct search s;
    struct error e = {0};
    test_begin("what was refused is nowhere");
    struct tee_root *root = tee_root_new();
    if (!CHECK(root)) return;
    FILE *f = fopen(path, "ab");
    CHECK(f && fputc('x', f) == 'x' && fclose(f) == 0);
    CHECK_EQUAL(tee_root_file(path, root, &e), STATUS_MALFORMED);
    if (search(&s)) CHECK_EQUAL(s.all, 0);
    tee_root_free(root);
}

/* A child of this process has zeros there. */
static void children(void)
{
    test_begin("children do not inherit secrets");
    uint8_t *p = secret_memory_new(SIZE);
    if (!CHECK(p)) return;
    memset(p, 7, SIZE);
    const pid_t child = fork();
    if (child == 0) _exit(p[0] != 0 || p[SIZE - 1] != 0);
    int status = -1;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
#ifdef MADV_WIPEONFORK
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
#endif
    CHECK_EQUAL(p[SIZE - 1], 7);
    secret_memory_free(p, SIZE);
}

int main(void)
{
#if SANITIZED /* then a program cannot look through its own memory */
    (void)whereabouts, (void)stacks, (void)refused, (void)children;
    test_skip("where a root's bytes are", "AddressSanitizer's own memory cannot be looked through");
#else
    if (!CHECK(mkdtemp(folder))) return test_end();
    whereabouts();
    stacks();
    refused();
    children();
    unlink(path);
    rmdir(folder);
#endif
    return test_end();
}
