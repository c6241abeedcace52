#include "json/json_write.h"
#include "cli/state.h"

static const struct usage usage = {
    .command = "state root",
    .operands = "FILE",
    .text = "Prints the root of the state: the hash that stands in the header of a chunk.\n",
    .examples = "  nvm state root dev.state\n",
    .min_operands = 1,
    .max_operands = 1,
    .failure = "is not used",
};

static int print(const struct state_file *s, bool json)
{
    char text[CRYPTO_HASH_TEXT_SIZE];
    struct crypto_hash root;
    uint64_t memory = 0;
    struct error e;
    memcpy(root.bytes, s->trie.root.bytes, sizeof root.bytes);
    if (!json) {
        printf("%s\n", crypto_hash_text(&root, text));
        return state_finish_output();
    }
    if (trie_memory_usage(&s->trie, &memory, &e) != STATUS_OK) return state_refuse(s, &e);
    struct json_builder b = json_object_begin();
    json_put(&b, "state_root", json_base58(crypto_hash_bytes(&root)));
    json_put(&b, "memory_usage", json_u64(memory));
    if (!state_print_json(json_finish(&b))) say_error("out of memory");
    printf("\n");
    return state_finish_output();
}

int command_state_root(int argc, char **argv)
{
    bool json = false;
    const struct option options[] = {
        {"json", 0, OPTION_FLAG, &json, NULL, "as JSON, with the memory usage of the trie", 0},
        {0},
    };
    struct state_file s = {0};
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code < 0) code = state_open(&s, argv[0], STATE_READ);
    if (code < 0) code = print(&s, json);
    state_file_close(&s);
    return code;
}
