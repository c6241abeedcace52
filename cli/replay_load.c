#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/replay.h"
#include "cli/file_xz.h"
#include "documents/scenario.h"

/* ---- documents --------------------------------------------------------------------------------------------------- */

static bool keep_document(struct replay *r, struct json *document)
{
    if (r->document_count == r->document_capacity) {
        size_t capacity = r->document_capacity ? 2 * r->document_capacity : 16;
        struct json **grown = realloc(r->documents, capacity * sizeof *grown);
        if (!grown) return false;
        r->documents = grown;
        r->document_capacity = capacity;
    }
    r->documents[r->document_count++] = document;
    return true;
}

static enum status parse(struct replay *r, const char *path, struct json **out, struct error *e)
{
    struct buffer text = {0};
    enum status status = file_read(path, FILE_LIMIT, &text, e);
    if (status == STATUS_OK) status = json_read_limited(bytes_of(text.data, text.size), &r->limits, out, e);
    buffer_free(&text);
    if (status == STATUS_OK && !keep_document(r, *out)) {
        json_free(*out);
        status = error_no_memory(e);
    }
    return status;
}

/* Where what was read goes while the shards have no block yet. */
struct loader {
    struct replay *replay;
    struct lake_shard *shards;
};

static void insert_block(struct replay *r, struct lake_block *block)
{
    struct lake_block **p = &r->blocks;
    while (*p && (*p)->header.height < block->header.height) p = &(*p)->next;
    block->next = *p;
    *p = block;
}

static enum status read_document(struct loader *l, const char *path, struct json_place *root, struct error *e)
{
    struct lake_reader *reader = &l->replay->reader;
    struct json_place member;
    reader->error = e;
    if (json_member(root, "header", &member) && json_member(root, "chunks", &member)) {
        struct lake_block *block = lake_alloc(reader, 1, sizeof *block);
        if (!block) return reader->status;
        lake_read_block(reader, root, block);
        block->path = path;
        if (reader->status == STATUS_OK) insert_block(l->replay, block);
    } else if (json_member(root, "receipt_execution_outcomes", &member)) {
        struct lake_shard *shard = lake_alloc(reader, 1, sizeof *shard);
        if (!shard) return reader->status;
        lake_read_shard(reader, root, shard);
        shard->path = path;
        shard->next = l->shards;
        l->shards = shard;
    } else {
        return error_set(e, STATUS_MALFORMED, 0, ERROR_NO_OFFSET,
                         "neither a block ('header', 'chunks') nor a shard ('receipt_execution_outcomes') of a near-lake "
                         "stream");
    }
    return reader->status;
}

/* A scenario that is a document of its own. */
static enum status read_scenario(struct loader *l, const char *path, struct json *document, struct error *e)
{
    struct replay_file *file = replay_add_file(l->replay, path);
    return file ? replay_scenario(l->replay, file, document, e) : error_no_memory(e);
}

/* {"block":…,"shards":[…]}: what an indexer hands on, in one document. */
static enum status read_message(struct loader *l, const char *path, struct json_place *root, struct error *e)
{
    struct json_place block, shards, shard;
    size_t count = 0;
    if (!json_member(root, "block", &block) || !json_member(root, "shards", &shards))
        return read_document(l, path, root, e);
    enum status status = read_document(l, path, &block, e);
    if (status == STATUS_OK) status = json_check_array(&shards, &count, e);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        shard = json_element(&shards, i);
        status = read_document(l, path, &shard, e);
    }
    return status;
}

static int load_file(struct loader *l, const char *path)
{
    struct json *document = NULL;
    struct error e = {.offset = ERROR_NO_OFFSET};
    enum status status = parse(l->replay, path, &document, &e);
    if (status == STATUS_OK) {
        struct json_place root = json_root(document);
        status = scenario_is_one(document) ? read_scenario(l, path, document, &e) : read_message(l, path, &root, &e);
    }
    return status == STATUS_OK ? -1 : say_file_error(path, &e);
}

/* ---- folders ----------------------------------------------------------------------------------------------------- */

static bool is_json(const char *name)
{
    size_t length = strlen(name);
    return name[0] != '.' && length > 5 && strcmp(name + length - 5, ".json") == 0;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *join(struct replay *r, const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = arena_alloc(&r->arena, size);
    if (path) snprintf(path, size, "%s/%s", folder, name);
    return path;
}

enum { FOLDER_MAX = 4096 }; /* files of one folder: a block has as many as shards */

static int read_folder(struct loader *l, const char *path, DIR *folder, const char **names, size_t *count)
{
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (!is_json(entry->d_name)) continue;
        if (*count == FOLDER_MAX) {
            say_error("%s: more than %d files", path, FOLDER_MAX);
            return EXIT_INPUT;
        }
        names[*count] = join(l->replay, path, entry->d_name);
        if (!names[*count]) {
            say_error("%s: no memory", path);
            return EXIT_INPUT;
        }
        ++*count;
    }
    if (*count) return -1;
    say_error("%s: no .json file in this folder", path);
    return EXIT_INPUT;
}

static int load_folder(struct loader *l, const char *path)
{
    size_t count = 0;
    const char **names = arena_array(&l->replay->arena, FOLDER_MAX, sizeof *names);
    DIR *folder = names ? opendir(path) : NULL;
    if (!folder) {
        say_error("cannot read '%s'", path);
        return EXIT_INPUT;
    }
    int code = read_folder(l, path, folder, names, &count);
    closedir(folder);
    qsort(names, count, sizeof *names, compare_names);
    for (size_t i = 0; i < count && code < 0; i++) code = load_file(l, names[i]);
    return code;
}

/* ---- shards and blocks ------------------------------------------------------------------------------------------- */

static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) : 0;
}

static bool same_folder(const char *a, const char *b)
{
    size_t length = folder_length(a);
    return length == folder_length(b) && memcmp(a, b, length) == 0;
}

/* The hash of the block that the shard belongs to, if it says so. */
static const struct crypto_hash *block_hash_of(const struct lake_shard *s)
{
    if (s->transaction_count) return &s->transactions[0].outcome.block_hash;
    return s->executed_count ? &s->executed[0].outcome.block_hash : NULL;
}

static struct lake_block *block_of(const struct replay *r, const struct lake_shard *s)
{
    const struct crypto_hash *hash = block_hash_of(s);
    for (struct lake_block *b = r->blocks; b; b = b->next)
        if (hash && crypto_hash_equal(&b->header.hash, hash)) return b;
    for (struct lake_block *b = r->blocks; b; b = b->next)
        if (!hash && s->has_chunk && crypto_hash_equal(&b->header.prev_hash, &s->header.prev_block_hash)) return b;
    for (struct lake_block *b = r->blocks; b; b = b->next)
        if (same_folder(b->path, s->path)) return b;
    return NULL;
}

static int tie(struct loader *l)
{
    for (struct lake_shard *s = l->shards, *next; s; s = next) {
        next = s->next;
        struct lake_block *b = block_of(l->replay, s);
        if (!b) {
            say_error("%s: the block of this shard is not among the files", s->path);
            say_hint("give the block.json beside it, too, or the folder");
            return EXIT_INPUT;
        }
        struct lake_shard **p = &b->shards;
        while (*p && (*p)->shard_id < s->shard_id) p = &(*p)->next;
        if (*p && (*p)->shard_id == s->shard_id) {
            say_error("%s: shard %llu of block %llu is there twice", s->path, (unsigned long long)s->shard_id,
                      (unsigned long long)b->header.height);
            return EXIT_INPUT;
        }
        s->next = *p;
        *p = s;
    }
    for (const struct lake_block *b = l->replay->blocks; b && b->next; b = b->next) {
        if (b->header.height != b->next->header.height) continue;
        say_error("%s: block %llu is there twice", b->next->path, (unsigned long long)b->header.height);
        return EXIT_INPUT;
    }
    return -1;
}

/* ---- receipts by id ---------------------------------------------------------------------------------------------- */

static int compare_entries(const void *a, const void *b)
{
    const struct receipt_entry *x = a, *y = b;
    return memcmp(x->id->bytes, y->id->bytes, CRYPTO_HASH_SIZE);
}

static bool index_receipts(struct replay *r)
{
    size_t count = 0;
    for (const struct lake_block *b = r->blocks; b; b = b->next)
        for (const struct lake_shard *s = b->shards; s; s = s->next)
            count += (size_t)s->receipt_count + s->executed_count;
    r->receipts = arena_array(&r->arena, count, sizeof *r->receipts);
    if (!r->receipts) return false;
    for (const struct lake_block *b = r->blocks; b; b = b->next) {
        for (const struct lake_shard *s = b->shards; s; s = s->next) {
            for (uint32_t i = 0; i < s->receipt_count; i++)
                r->receipts[r->receipt_count++] = (struct receipt_entry){&s->receipts[i].receipt.receipt_id,
                                                                         &s->receipts[i]};
            for (uint32_t i = 0; i < s->executed_count; i++)
                r->receipts[r->receipt_count++] = (struct receipt_entry){&s->executed[i].receipt.receipt.receipt_id,
                                                                         &s->executed[i].receipt};
        }
    }
    qsort(r->receipts, r->receipt_count, sizeof *r->receipts, compare_entries);
    return true;
}

const struct lake_receipt *replay_find_receipt(const struct replay *r, const struct crypto_hash *id)
{
    const struct receipt_entry wanted = {id, NULL};
    if (!r->receipt_count) return NULL;
    const struct receipt_entry *found = bsearch(&wanted, r->receipts, r->receipt_count, sizeof wanted, compare_entries);
    return found ? found->receipt : NULL;
}

const struct lake_receipt *replay_find_other(const struct replay *r, const struct lake_receipt *receipt)
{
    const struct receipt_entry wanted = {&receipt->receipt.receipt_id, NULL};
    const struct receipt_entry *end = r->receipts + r->receipt_count;
    const struct receipt_entry *at = bsearch(&wanted, r->receipts, r->receipt_count, sizeof wanted, compare_entries);
    while (at && at > r->receipts && compare_entries(at - 1, &wanted) == 0) at--;
    for (; at && at < end && compare_entries(at, &wanted) == 0; at++)
        if (at->receipt != receipt) return at->receipt;
    return NULL;
}

int replay_unpack(struct replay *r, char **paths, int count)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    struct stat info;
    r->unpacked = calloc((size_t)count, sizeof *r->unpacked);
    if (!r->unpacked) {
        say_error("replay: no memory");
        return EXIT_INPUT;
    }
    r->path_count = count;
    for (int i = 0; i < count; i++) {
        const bool folder = stat(paths[i], &info) == 0 && S_ISDIR(info.st_mode);
        if (folder || !file_is_xz(paths[i])) continue;
        const uint64_t most = limits_unpacked(&r->limits);
        const enum status status =
            file_read_xz(paths[i], most < SIZE_MAX ? (size_t)most : SIZE_MAX, &r->unpacked[i], &e);
        if (status == STATUS_LIMIT) limit_exceeded(&r->limits, LIMIT_unpacked, &e);
        if (status != STATUS_OK) return say_file_error(paths[i], &e);
    }
    return -1;
}

int replay_load(struct replay *r, char **paths, int count)
{
    struct loader l = {.replay = r};
    struct stat info;
    int code = -1;
    r->reader.arena = &r->arena;
    for (int i = 0; i < count && code < 0; i++) {
        bool folder = stat(paths[i], &info) == 0 && S_ISDIR(info.st_mode);
        if (folder) code = load_folder(&l, paths[i]);
        else code = replay_is_scenarios(paths[i]) ? replay_scenarios(r, paths[i], &r->unpacked[i])
                                                  : load_file(&l, paths[i]);
    }
    if (code < 0) code = tie(&l);
    if (code < 0 && !r->blocks && !r->files) {
        say_error("replay: neither a block nor a scenario among the files");
        code = EXIT_INPUT;
    }
    if (code < 0 && !index_receipts(r)) {
        say_error("replay: no memory");
        code = EXIT_INPUT;
    }
    if (code < 0) replay_find_codes(r);
    return code;
}
