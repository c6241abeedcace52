#include "cli/replay.h"

#include "json/json_write.h"

static struct json *text(const char *s)
{
    return json_text(bytes_of_string(s));
}

static void put_count(struct json_builder *b, const struct replay_count *c)
{
    json_put(b, "equal", json_u64(c->equal));
    json_put(b, "different", json_u64(c->different));
    json_put(b, "not_checkable", json_u64(c->unchecked));
}

static struct json *blocks_of(const struct replay *r)
{
    struct json_builder list = json_array_begin();
    for (const struct lake_block *b = r->blocks; b; b = b->next) {
        struct json_builder o = json_object_begin();
        json_put(&o, "height", json_u64(b->header.height));
        json_put(&o, "hash", json_base58(crypto_hash_bytes(&b->header.hash)));
        json_put(&o, "protocol_version",
                 json_u64(r->version_option ? r->version_option : b->header.latest_protocol_version));
        json_append(&list, json_finish(&o));
    }
    return json_finish(&list);
}

static struct json *files_of(const struct replay *r)
{
    struct json_builder list = json_array_begin();
    for (const struct replay_file *f = r->files; f; f = f->next) {
        struct json_builder o = json_object_begin();
        json_put(&o, "file", text(f->path));
        json_put(&o, "scenarios", json_u64(f->scenarios));
        json_put(&o, "chunks", json_u64(f->chunks));
        json_put(&o, "transactions", json_u64(f->transactions));
        json_put(&o, "receipts", json_u64(f->receipts));
        json_append(&list, json_finish(&o));
    }
    return json_finish(&list);
}

static struct json *kinds_of(const struct replay *r)
{
    struct json_builder list = json_array_begin();
    for (unsigned i = 0; i < REPLAY_KIND_COUNT; i++) {
        const struct replay_count *c = &r->kinds[i];
        if (!c->equal && !c->different && !c->unchecked && !r->seen[i]) continue;
        struct json_builder o = json_object_begin();
        json_put(&o, "kind", text(replay_kind_name(i)));
        json_put(&o, "receipts", json_u64(r->seen[i]));
        put_count(&o, c);
        json_append(&list, json_finish(&o));
    }
    return json_finish(&list);
}

static struct json *checks_of(const struct replay *r)
{
    struct json_builder list = json_array_begin();
    for (unsigned i = 0; i < REPLAY_CHECK_COUNT; i++) {
        const struct replay_count *c = &r->checks[i];
        if (!c->equal && !c->different && !c->unchecked) continue;
        struct json_builder o = json_object_begin(), reasons = json_array_begin();
        json_put(&o, "check", text(replay_check_title((enum replay_check)i)));
        put_count(&o, c);
        for (const struct replay_reason *p = r->reasons; p; p = p->next) {
            if (p->check != (enum replay_check)i) continue;
            struct json_builder reason = json_object_begin();
            json_put(&reason, "reason", text(p->text));
            json_put(&reason, "count", json_u64(p->count));
            json_append(&reasons, json_finish(&reason));
        }
        json_put(&o, "not_checked", json_finish(&reasons));
        json_append(&list, json_finish(&o));
    }
    return json_finish(&list);
}

static struct json *differences_of(const struct replay *r)
{
    struct json_builder list = json_array_begin();
    for (const struct replay_difference *d = r->differences; d; d = d->next) {
        struct json_builder o = json_object_begin();
        json_put(&o, "check", text(replay_check_title(d->check)));
        json_put(&o, "where", text(d->where));
        json_put(&o, "expected", text(d->expected));
        json_put(&o, "found", text(d->found));
        json_append(&list, json_finish(&o));
    }
    return json_finish(&list);
}

static struct json *unknown_of(const struct lake_reader *reader)
{
    struct json_builder list = json_array_begin();
    for (uint32_t i = 0; i < reader->unknown_names; i++) {
        struct json_builder o = json_object_begin();
        json_put(&o, "in", text(reader->unknown[i].what));
        json_put(&o, "name", text(reader->unknown[i].name));
        json_put(&o, "count", json_u64(reader->unknown[i].count));
        json_append(&list, json_finish(&o));
    }
    return json_finish(&list);
}

bool replay_print_json(const struct replay *r)
{
    struct json_builder root = json_object_begin();
    json_put(&root, "blocks", blocks_of(r));
    json_put(&root, "scenario_files", files_of(r));
    json_put(&root, "kinds", kinds_of(r));
    json_put(&root, "checks", checks_of(r));
    json_put(&root, "differences", differences_of(r));
    json_put(&root, "unknown_members", unknown_of(&r->reader));
    struct json *json = json_finish(&root);
    const bool ok = json_print_file(json, stdout);
    json_free(json);
    return ok;
}
