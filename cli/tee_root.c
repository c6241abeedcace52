/* nvm tee root: the id of a root secret, which gives nothing away about it. */
#include "cli/tee.h"
#include "tee/release.h"

static const struct usage usage = {
    .command = "tee root",
    .operands = "KEY",
    .text = "Prints the id of the root secret in a key file, as its receivers have it: `nvm tee receive --root-id`\n"
            "takes this root and no other.\n",
    .examples = "  nvm tee root root.key\n",
    .min_operands = 1,
    .max_operands = 1,
    .failure = "the key file was refused",
};

static int print_id(const char *path)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    uint8_t id[TEE_ROOT_ID_SIZE];
    struct tee_root *root = secret_root_new(&e);
    const enum status status = root ? tee_root_file(path, root, &e) : STATUS_NO_MEMORY;
    if (status == STATUS_OK) tee_release_root_id(root, id);
    tee_root_free(root);
    if (status != STATUS_OK) {
        say_tee_error("tee root", &e);
        return status == STATUS_INVALID ? EXIT_TRAPPED : EXIT_INPUT;
    }
    for (size_t i = 0; i < sizeof id; i++) printf("%02x", id[i]);
    putchar('\n');
    return EXIT_OK;
}

int tee_root(int argc, char **argv)
{
    const struct option options[] = {{0}};
    int count = 0;
    const int code = options_parse(&usage, options, argc, argv, &count);
    return code < 0 ? print_id(argv[0]) : code;
}
