/* nvm tee pki: test hierarchies of all platforms. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/rfc3339.h"
#include "cli/tee.h"
#include "tee/test_pki.h"

static const struct usage usage = {
    .command = "tee pki",
    .operands = "",
    .text = "Makes test hierarchies of SGX, TDX, Nitro and SEV-SNP from a seed: root, intermediate and leaf certificates\n"
            "with their private keys, revocation lists, TCB info and QE identity, sample evidence, and for each platform\n"
            "a policy that accepts it. The same seed and time give the same files. All of it says \"nvm simulator\", and\n"
            "proves nothing. It takes about ten seconds: SEV-SNP needs three RSA keys of 4096 bits.\n",
    .examples = "  nvm tee pki --seed 0000000000000000000000000000000000000000000000000000000000000001 --out test-pki\n"
                "  nvm tee pki --seed $(openssl rand -hex 32) --out test-pki --at 2026-06-17T01:05:04Z\n",
    .min_operands = 0,
    .max_operands = 0,
    .failure = "is not used",
};

static int read_seed(const char *text, uint8_t seed[32])
{
    struct buffer bytes = {0};
    if (!text) {
        say_error("tee pki: --seed: what to make it all from is missing");
        say_hint("`openssl rand -hex 32` makes some; the same seed makes the same files");
        return EXIT_INPUT;
    }
    const int code = hex_option("seed", text, 32, 32, &bytes);
    if (code < 0) memcpy(seed, bytes.data, 32);
    buffer_free(&bytes);
    return code;
}

static int make_folder(const char *path)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST) return -1;
    say_error("tee pki: cannot make the folder %s: %s", path, strerror(errno));
    return EXIT_INPUT;
}

/* Private keys are for their owner's eyes, as such files are everywhere, though whoever has the seed has them too. */
static int protect(const char *path)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || fchmod(fd, 0600) != 0) {
        say_error("tee pki: cannot write %s: %s", path, strerror(errno));
        if (fd >= 0) close(fd);
        return EXIT_INPUT;
    }
    close(fd);
    return -1;
}

static int write_one(const char *path, const struct test_pki_file *file)
{
    struct error e;
    const int code = file->private_key ? protect(path) : -1;
    if (code >= 0) return code;
    return file_write(path, file->data.data, file->data.size, &e) == STATUS_OK ? -1 : say_file_error(path, &e);
}

/* Before the work, so that one learns at once that it would be in vain. */
static int make_folders(const char *out)
{
    struct buffer path = {0};
    int code = make_folder(out);
    for (int k = 0; test_pki_folders[k] && code < 0; k++) {
        path.size = 0;
        buffer_printf(&path, "%s/%s", out, test_pki_folders[k]);
        code = path.failed ? EXIT_INPUT : make_folder((const char *)path.data);
    }
    if (path.failed) say_error("out of memory");
    buffer_free(&path);
    return code;
}

static int write_files(const char *out, const struct test_pki *p)
{
    struct buffer path = {0};
    int code = -1;
    for (uint32_t k = 0; k < p->count && code < 0; k++) {
        path.size = 0;
        buffer_printf(&path, "%s/%s/%s", out, p->files[k].folder, p->files[k].name);
        code = path.failed ? EXIT_INPUT : write_one((const char *)path.data, &p->files[k]);
    }
    if (path.failed) say_error("out of memory");
    buffer_free(&path);
    return code;
}

static int make(const uint8_t seed[32], int64_t at, const char *out)
{
    struct test_pki *p = calloc(1, sizeof *p);
    struct error e;
    char text[RFC3339_TEXT_SIZE];
    if (!p || test_pki_make(seed, NULL, at, p, &e) != STATUS_OK) {
        say_error("tee pki: %s", p ? e.message : "out of memory");
        free(p);
        return EXIT_INPUT;
    }
    const int code = write_files(out, p);
    if (code < 0) {
        printf("%s: %u files, as of %s\n", out, (unsigned)p->count, rfc3339_text(at, text));
        printf("try: nvm tee verify %s/tdx/quote-v4.bin --policy %s/tdx/policy.json --collateral %s/tdx/collateral.json"
               " --at %s\n", out, out, out, text);
    }
    test_pki_free(p);
    free(p);
    return code < 0 ? EXIT_OK : code;
}

/* Evidence of another time would be of no use with the certificates beside it. */
static int check_time(int64_t at)
{
    if (at >= ISSUE_NOT_BEFORE && at <= ISSUE_NOT_AFTER) return -1;
    say_error("tee pki: --at: the certificates are valid from 2020 to 2049");
    return EXIT_INPUT;
}

int tee_pki(int argc, char **argv)
{
    const char *seed_text = NULL, *out = NULL, *at_text = NULL;
    const struct option options[] = {
        {"seed", 0, OPTION_TEXT, &seed_text, "HEX", "32 bytes that everything is made from", 0},
        {"out", 0, OPTION_TEXT, &out, "FOLDER", "where to write; it is made if it is not there", 0},
        {"at", 0, OPTION_TEXT, &at_text, "TIME", "when collateral and evidence are made (default: now)", 0},
        {0},
    };
    uint8_t seed[32];
    int64_t at = 0;
    int count = 0, code = options_parse(&usage, options, argc, argv, &count);
    if (code < 0) code = read_seed(seed_text, seed);
    if (code < 0) code = time_option("at", at_text, &at);
    if (code < 0) code = check_time(at);
    if (code < 0 && !out) {
        say_error("tee pki: --out: where to write is missing");
        code = EXIT_INPUT;
    }
    if (code < 0) code = make_folders(out);
    return code < 0 ? make(seed, at, out) : code;
}
