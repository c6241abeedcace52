/* Parameters as text. Both views, all of a version and what differs between two, go over one list of items. */
#include "cli/params.h"

#include <inttypes.h>
#include <stdlib.h>

#include "near/amount.h"

enum section { INSTRUCTIONS, EXT_COSTS, ACTION_COSTS, LIMITS, FLAGS, RUNTIME };

static const char *const titles[] = {
    [INSTRUCTIONS] = "instructions (gas)",
    [EXT_COSTS] = "loading and host functions (gas)",
    [ACTION_COSTS] = "actions and receipts (gas)",
    [LIMITS] = "limits",
    [FLAGS] = "flags",
    [RUNTIME] = "runtime",
};

enum { ITEM_TEXT = 120 };

struct item {
    enum section section;
    const char *name;
    const char *part; /* of an action's fee: "send to itself", ...; otherwise "" */
    char text[ITEM_TEXT];
};

enum {
    COUNT = 3 + EXT_COST_COUNT + 3 * ACTION_COST_COUNT + 3
#define X(name) + 1
#include "near/limits.def"
#include "near/flags.def"
#undef X
#define X(kind, name, path) + 1
#include "near/runtime_parameters.def"
#undef X
};

struct items {
    struct item list[COUNT];
    size_t count;
};

/* ---- values ----------------------------------------------------------------------------------------------------- */

static struct item *add(struct items *all, enum section section, const char *name)
{
    struct item *i = &all->list[all->count++];
    *i = (struct item){.section = section, .name = name, .part = ""};
    return i;
}

static void put_u64(char text[static ITEM_TEXT], uint64_t n)
{
    gas_digits(n, text);
}

static void put_cost(char text[static ITEM_TEXT], struct cost c)
{
    char gas[AMOUNT_TEXT_SIZE], compute[AMOUNT_TEXT_SIZE];
    gas_digits(c.gas, gas);
    if (c.gas == c.compute) snprintf(text, ITEM_TEXT, "%s", gas);
    else snprintf(text, ITEM_TEXT, "%.30s (compute %.30s)", gas, gas_digits(c.compute, compute));
}

static void put_balance(char text[static ITEM_TEXT], struct u128 v)
{
    balance_text(v, text);
}

static void put_boolean(char text[static ITEM_TEXT], bool b)
{
    snprintf(text, ITEM_TEXT, "%s", b ? "yes" : "no");
}

static void put_text(char text[static ITEM_TEXT], const char *s)
{
    snprintf(text, ITEM_TEXT, "%s", s);
}

static void put_ratio(char text[static ITEM_TEXT], struct ratio r)
{
    if (r.denominator == 1) snprintf(text, ITEM_TEXT, "%" PRIu32, r.numerator);
    else snprintf(text, ITEM_TEXT, "%" PRIu32 " / %" PRIu32, r.numerator, r.denominator);
}

static void put_decimal(char text[static ITEM_TEXT], struct ratio r)
{
    snprintf(text, ITEM_TEXT, "%g", (double)r.numerator / (double)r.denominator);
}

static void put_fee(char text[static ITEM_TEXT], struct gas_fee f)
{
    char a[AMOUNT_TEXT_SIZE], b[AMOUNT_TEXT_SIZE], c[AMOUNT_TEXT_SIZE];
    gas_digits(f.send_sir, a);
    gas_digits(f.send_not_sir, b);
    gas_digits(f.execution, c);
    if (f.send_sir == f.send_not_sir && f.send_sir == f.execution) snprintf(text, ITEM_TEXT, "%s", a);
    else snprintf(text, ITEM_TEXT, "%.26s to itself, %.26s to others, %.26s execution", a, b, c);
}

static void put_limit(char text[static ITEM_TEXT], uint64_t n)
{
    if (n == LIMIT_ABSENT) put_text(text, "none");
    else put_u64(text, n);
}

/* ---- the list --------------------------------------------------------------------------------------------------- */

static void collect_costs(const struct protocol_parameters *p, struct items *all)
{
    put_u64(add(all, INSTRUCTIONS, "regular_op_cost")->text, p->regular_op_cost);
    put_u64(add(all, INSTRUCTIONS, "linear_op_base_cost")->text, p->linear_op_base_cost);
    put_u64(add(all, INSTRUCTIONS, "linear_op_unit_cost")->text, p->linear_op_unit_cost);
    for (enum ext_cost i = 0; i < EXT_COST_COUNT; i++) put_cost(add(all, EXT_COSTS, ext_cost_name(i))->text, p->ext[i]);
    for (enum action_cost i = 0; i < ACTION_COST_COUNT; i++) {
        const struct action_fee *fee = &p->action[i];
        const struct cost costs[3] = {fee->send_sir, fee->send_not_sir, fee->execution};
        static const char *const parts[3] = {"send to itself", "send to others", "execution"};
        for (int k = 0; k < 3; k++) {
            struct item *item = add(all, ACTION_COSTS, action_cost_name(i));
            item->part = parts[k];
            put_cost(item->text, costs[k]);
        }
    }
}

static void collect_rest(const struct protocol_parameters *p, struct items *all)
{
#define X(name) put_limit(add(all, LIMITS, #name)->text, p->limits.name);
#include "near/limits.def"
#undef X
#define X(name) put_boolean(add(all, FLAGS, #name)->text, p->flags.name);
#include "near/flags.def"
#undef X
    put_u64(add(all, FLAGS, "grow_mem_cost")->text, p->flags.grow_mem_cost);
    put_text(add(all, FLAGS, "vm_kind")->text, vm_kind_name(p->flags.vm_kind));
    put_text(add(all, FLAGS, "storage_get_mode")->text, storage_get_mode_name(p->flags.storage_get_mode));
#define X(kind, name, path) put_##kind(add(all, RUNTIME, #name)->text, p->runtime.name);
#include "near/runtime_parameters.def"
#undef X
}

static struct items *collect(const struct protocol_parameters *p)
{
    struct items *all = calloc(1, sizeof *all);
    if (all) {
        collect_costs(p, all);
        collect_rest(p, all);
    }
    return all;
}

/* ---- printing --------------------------------------------------------------------------------------------------- */

static void heading(enum section section)
{
    printf("\n%s%s%s\n", colour(stdout, BOLD), titles[section], colour(stdout, PLAIN));
}

static void print_version(struct version_parameters v)
{
    printf("protocol version %s%" PRIu32 "%s", colour(stdout, BOLD), v.version, colour(stdout, PLAIN));
    if (v.parameters->version != v.version) printf(" (parameters of version %" PRIu32 ")", v.parameters->version);
}

/* The number alone, to the right of its column; what stands behind it in brackets is left to the caller. */
static const char *print_column(const char *text, int width)
{
    size_t number = strcspn(text, " ");
    printf(" %*.*s", width, (int)number, text);
    return text + number;
}

/* Three items, one line. */
static void print_action(const struct item *i)
{
    const char *rest[3];
    printf("  %-34s", i->name);
    for (int k = 0; k < 3; k++) rest[k] = print_column(i[k].text, 20);
    for (int k = 0; k < 3; k++)
        if (rest[k][0]) printf("  %s%s", i[k].part, rest[k]);
    printf("\n");
}

static void print_item(const struct item *i)
{
    if (i->section == FLAGS || i->section == RUNTIME) {
        printf("  %-52s %s\n", i->name, i->text);
    } else {
        printf("  %-52s", i->name);
        printf("%s\n", print_column(i->text, 22));
    }
}

bool params_text(struct version_parameters v)
{
    struct items *all = collect(v.parameters);
    if (!all) return false;
    print_version(v);
    printf("\n");
    for (size_t i = 0; i < all->count; i++) {
        const struct item *item = &all->list[i];
        if (i == 0 || item->section != item[-1].section) {
            heading(item->section);
            if (item->section == ACTION_COSTS)
                printf("  %-34s %20s %20s %20s\n", "", "send to itself", "send to others", "execution");
        }
        if (item->section == ACTION_COSTS) {
            print_action(item);
            i += 2;
        } else {
            print_item(item);
        }
    }
    free(all);
    return fflush(stdout) == 0 && !ferror(stdout);
}

static void print_difference(const struct item *old, const struct item *new)
{
    char name[96];
    snprintf(name, sizeof name, "%s%s%s", old->name, old->part[0] ? ", " : "", old->part);
    printf("  %-52s %s → %s\n", name, old->text, new->text);
}

static void print_differences(const struct items *a, const struct items *b)
{
    size_t differ = 0;
    for (size_t i = 0; i < a->count; i++) differ += strcmp(a->list[i].text, b->list[i].text) != 0;
    if (differ) printf(": %zu parameter%s differ%s\n", differ, differ == 1 ? "" : "s", differ == 1 ? "s" : "");
    else printf(": no parameter differs\n");
    const struct item *last = NULL;
    for (size_t i = 0; i < a->count; i++) {
        const struct item *item = &a->list[i];
        if (strcmp(item->text, b->list[i].text) == 0) continue;
        if (!last || last->section != item->section) heading(item->section);
        print_difference(item, &b->list[i]);
        last = item;
    }
}

bool params_diff_text(struct version_parameters old, struct version_parameters new)
{
    struct items *a = collect(old.parameters), *b = collect(new.parameters);
    bool ok = a && b;
    if (ok) {
        print_version(old);
        printf(" → ");
        print_version(new);
        print_differences(a, b);
        ok = fflush(stdout) == 0 && !ferror(stdout);
    }
    free(a);
    free(b);
    return ok;
}
