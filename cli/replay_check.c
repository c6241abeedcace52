#include <stdlib.h>

#include "cli/replay.h"

const char *replay_check_title(enum replay_check check)
{
    static const char *const titles[] = {
#define X(name, title) title,
#include "cli/replay_checks.def"
#undef X
    };
    return check < REPLAY_CHECK_COUNT ? titles[check] : "unknown";
}

const char *replay_kind_name(unsigned kind)
{
    if (kind < ACTION_KIND_COUNT) return action_kind_name((enum action_kind)kind);
    return kind == REPLAY_KIND_REFUND ? "refunds" : "receipts without actions";
}

void replay_free(struct replay *r)
{
    for (size_t i = 0; i < r->document_count; i++) json_free(r->documents[i]);
    free(r->documents);
    free(r->accounts);
    arena_free(&r->arena);
    for (int i = 0; r->unpacked && i < r->path_count; i++) buffer_free(&r->unpacked[i]);
    free(r->unpacked);
}

static struct replay_count *counts(struct replay *r, enum replay_check check, uint32_t kinds, unsigned at)
{
    if (at == REPLAY_KIND_COUNT) return &r->checks[check];
    return kinds >> at & 1 ? &r->kinds[at] : NULL;
}

/* Calls for the check itself and for every kind in the mask. */
#define EACH(r, check, place, field)                                                                                  \
    for (unsigned each = 0; each <= REPLAY_KIND_COUNT; each++) {                                                      \
        struct replay_count *count = counts(r, check, (place)->kinds, each);                                          \
        if (count) count->field++;                                                                                    \
    }

void replay_equal(struct replay *r, enum replay_check check, const struct replay_place *at)
{
    EACH(r, check, at, equal)
}

void replay_unchecked(struct replay *r, enum replay_check check, const struct replay_place *at, const char *reason)
{
    EACH(r, check, at, unchecked)
    struct replay_reason **p = &r->reasons;
    while (*p && ((*p)->check < check || ((*p)->check == check && strcmp((*p)->text, reason) != 0))) p = &(*p)->next;
    if (!*p || (*p)->check != check) {
        struct replay_reason *new = arena_alloc(&r->arena, sizeof *new);
        if (!new) {
            r->no_memory = true;
            return;
        }
        *new = (struct replay_reason){.check = check, .text = reason, .next = *p};
        *p = new;
    }
    (*p)->count++;
}

static const char *copy_text(struct replay *r, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = arena_alloc(&r->arena, size);
    if (copy) memcpy(copy, text, size);
    else r->no_memory = true;
    return copy ? copy : "";
}

/* "block 879765, shard 0, receipt AQDQ…: gas burnt" */
static const char *describe(struct replay *r, const struct replay_place *at, const char *what)
{
    struct buffer b = {0};
    char id[CRYPTO_HASH_TEXT_SIZE];
    if (at->scenario) buffer_printf(&b, "%s", at->scenario);
    if (at->scenario && at->height)
        buffer_printf(&b, ", block %llu, shard %llu", (unsigned long long)at->height, (unsigned long long)at->shard_id);
    if (at->block) buffer_printf(&b, "block %llu", (unsigned long long)at->block->header.height);
    if (at->shard) buffer_printf(&b, ", shard %llu", (unsigned long long)at->shard->shard_id);
    if (at->what) buffer_printf(&b, ", %s", at->what);
    if (at->id) buffer_printf(&b, " %s", crypto_hash_text(at->id, id));
    buffer_printf(&b, ": %s", what);
    buffer_append_byte(&b, 0);
    const char *text = b.failed ? "" : copy_text(r, (const char *)b.data);
    if (b.failed) r->no_memory = true;
    buffer_free(&b);
    return text;
}

void replay_different(struct replay *r, enum replay_check check, const struct replay_place *at, const char *what,
                      const char *expected, const char *found)
{
    EACH(r, check, at, different)
    replay_also_different(r, check, at, what, expected, found);
}

void replay_also_different(struct replay *r, enum replay_check check, const struct replay_place *at, const char *what,
                           const char *expected, const char *found)
{
    struct replay_difference *d = arena_alloc(&r->arena, sizeof *d);
    if (!d) {
        r->no_memory = true;
        return;
    }
    *d = (struct replay_difference){check, describe(r, at, what), copy_text(r, expected), copy_text(r, found), NULL};
    if (!r->last_difference) r->last_difference = &r->differences;
    *r->last_difference = d;
    r->last_difference = &d->next;
}

void replay_verdict(struct replay *r, enum replay_check check, const struct replay_place *at, bool ok, const char *what,
                    const char *expected, const char *found)
{
    if (ok) replay_equal(r, check, at);
    else replay_different(r, check, at, what, expected, found);
}

void replay_hashes(struct replay *r, enum replay_check check, const struct replay_place *at, const char *what,
                   const struct crypto_hash *expected, const struct crypto_hash *found)
{
    char a[CRYPTO_HASH_TEXT_SIZE], b[CRYPTO_HASH_TEXT_SIZE];
    replay_verdict(r, check, at, crypto_hash_equal(expected, found), what, crypto_hash_text(expected, a),
                   crypto_hash_text(found, b));
}

void replay_u64(struct replay *r, enum replay_check check, const struct replay_place *at, const char *what,
                uint64_t expected, uint64_t found)
{
    replay_u128(r, check, at, what, u128_of(expected), u128_of(found));
}

void replay_u128(struct replay *r, enum replay_check check, const struct replay_place *at, const char *what,
                 struct u128 expected, struct u128 found)
{
    char a[U128_TEXT_SIZE], b[U128_TEXT_SIZE];
    u128_print(expected, a);
    u128_print(found, b);
    replay_verdict(r, check, at, u128_equal(expected, found), what, a, b);
}
