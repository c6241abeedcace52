#include "cli/replay.h"

#define U(n) (unsigned long long)(n)

static void print_row(const char *title, uint64_t seen, const struct replay_count *c)
{
    char first[24] = "";
    if (seen != UINT64_MAX) snprintf(first, sizeof first, "%llu", U(seen));
    printf("  %-36s %9s %9llu %9llu %9s%llu%s %13llu\n", title, first, U(c->equal + c->different), U(c->equal),
           c->different ? colour(stdout, RED) : "", U(c->different), c->different ? colour(stdout, PLAIN) : "",
           U(c->unchecked));
}

static void print_head(const char *title, const char *first)
{
    printf("\n%s%-38s %9s %9s %9s %9s %13s%s\n", colour(stdout, BOLD), title, first, "checked", "equal", "different",
           "not checkable", colour(stdout, PLAIN));
}

static bool any(const struct replay_count *c)
{
    return c->equal || c->different || c->unchecked;
}

static void print_tables(const struct replay *r)
{
    print_head("by action kind", "receipts");
    for (unsigned i = 0; i < REPLAY_KIND_COUNT; i++)
        if (any(&r->kinds[i]) || r->seen[i]) print_row(replay_kind_name(i), r->seen[i], &r->kinds[i]);
    print_head("by check", "");
    for (unsigned i = 0; i < REPLAY_CHECK_COUNT; i++)
        if (any(&r->checks[i])) print_row(replay_check_title((enum replay_check)i), UINT64_MAX, &r->checks[i]);
}

static void print_unchecked(const struct replay *r)
{
    if (r->reasons) printf("\n%snot checked%s\n", colour(stdout, BOLD), colour(stdout, PLAIN));
    for (const struct replay_reason *p = r->reasons; p; p = p->next)
        printf("  %s, %llu×: %s\n", replay_check_title(p->check), U(p->count), p->text);
}

static void print_text(const char *before, const char *text)
{
    fputs(before, stdout);
    print_shown(stdout, bytes_of_string(text));
    fputc('\n', stdout);
}

static void print_differences(const struct replay *r)
{
    if (r->differences) printf("\n%sdifferences%s\n", colour(stdout, BOLD), colour(stdout, PLAIN));
    for (const struct replay_difference *d = r->differences; d; d = d->next) {
        print_text("  ", d->where);
        print_text("    expected ", d->expected);
        print_text("    found    ", d->found);
    }
}

static void print_unknown(const struct lake_reader *reader, bool verbose)
{
    if (!reader->unknown_count) return;
    printf("\n%llu member%s that this version does not know%s\n", U(reader->unknown_count),
           reader->unknown_count == 1 ? "" : "s", verbose ? ":" : " (--verbose names them)");
    for (uint32_t i = 0; verbose && i < reader->unknown_names; i++) {
        printf("  %s.", reader->unknown[i].what);
        print_name(stdout, bytes_of_string(reader->unknown[i].name));
        printf(", %llu×\n", U(reader->unknown[i].count));
    }
}

static void print_blocks(const struct replay *r)
{
    for (const struct lake_block *b = r->blocks; b; b = b->next) {
        char hash[CRYPTO_HASH_TEXT_SIZE];
        uint32_t shards = 0, transactions = 0, receipts = 0;
        for (const struct lake_shard *s = b->shards; s; s = s->next) {
            shards++;
            transactions += s->transaction_count;
            receipts += s->executed_count;
        }
        printf("block %llu %s: version %u, %u of %u shards, %u transactions, %u receipts executed\n",
               U(b->header.height), crypto_hash_text(&b->header.hash, hash),
               r->version_option ? (unsigned)r->version_option : b->header.latest_protocol_version, shards,
               b->chunk_count, transactions, receipts);
    }
}

static void print_files(const struct replay *r)
{
    for (const struct replay_file *f = r->files; f; f = f->next) {
        print_path(stdout, f->path);
        printf(": %llu scenario%s, %llu chunks applied, %llu transactions, %llu receipts executed\n", U(f->scenarios),
               f->scenarios == 1 ? "" : "s", U(f->chunks), U(f->transactions), U(f->receipts));
    }
}

static struct replay_count total_of(const struct replay *r)
{
    struct replay_count total = {0};
    for (unsigned i = 0; i < REPLAY_CHECK_COUNT; i++) {
        total.equal += r->checks[i].equal;
        total.different += r->checks[i].different;
        total.unchecked += r->checks[i].unchecked;
    }
    return total;
}

void replay_print(const struct replay *r, bool verbose)
{
    const struct replay_count total = total_of(r);
    print_blocks(r);
    print_files(r);
    print_tables(r);
    print_unchecked(r);
    print_unknown(&r->reader, verbose);
    print_differences(r);
    printf("\n%llu checked, %llu equal, %llu different, %llu not checkable\n", U(total.equal + total.different),
           U(total.equal), U(total.different), U(total.unchecked));
}
