/* A guest book: whoever pays for the storage may leave a message.
 *
 *     add_message {"text": "…"}                     deposit: what the storage costs; the rest comes back
 *     get_messages {"from_index": "0", "limit": 10} a page, as JSON (view); the index as a number or a string
 *     total_messages                                how many there are (view)
 *
 * State: "n" → the number of messages (u64); "m" and an index (u64, little-endian) → the message as JSON, so that a
 * page is put together without reading it again. */
#include "contract/json.h"

enum { MAX_TEXT = 1000, DEFAULT_PAGE = 10, MAX_PAGE = 100 };

static const struct text COUNT = {"n", 1};

static uint64_t count_messages(void)
{
    uint64_t count = 0;
    state_load(COUNT, &count, sizeof count);
    return count;
}

static struct text message_key(uint64_t index)
{
    return key_of('m', (struct text){(const char *)&index, sizeof index});
}

static struct text message_json(uint64_t index, struct text sender, struct text text)
{
    struct writer out = {0};
    WRITE(&out, "{\"index\":");
    write_number(&out, index);
    WRITE(&out, ",\"sender\":");
    write_string(&out, sender);
    WRITE(&out, ",\"timestamp\":");
    write_balance(&out, block_timestamp());
    WRITE(&out, ",\"text\":");
    write_string(&out, text);
    WRITE(&out, "}");
    return written(&out);
}

/* Takes what the account now occupies more than `before` from the deposit, and sends back the rest. */
static void pay_storage(uint64_t before)
{
    const uint64_t after = storage_usage();
    const balance cost = storage_cost(after > before ? after - before : 0), given = deposit();
    if (given < cost) {
        struct writer message = {0};
        WRITE(&message, "The deposit must cover the storage: ");
        write_number(&message, cost);
        WRITE(&message, " yoctoNEAR");
        fail(written(&message));
    }
    if (given > cost) transfer(predecessor(), given - cost);
}

EXPORT(add_message)
{
    const struct text text = argument_string(arguments(), TEXT("text"));
    require(text.size > 0, TEXT("The message is empty"));
    require(text.size <= MAX_TEXT, TEXT("The message is longer than 1,000 bytes"));

    const uint64_t before = storage_usage(), index = count_messages(), count = index + 1;
    state_set(message_key(index), message_json(index, predecessor(), text));
    state_store(COUNT, &count, sizeof count);
    pay_storage(before);

    struct writer out = {0};
    write_number(&out, index);
    return_text(written(&out));
}

/* Large indices don't fit a JSON number everywhere. */
static uint64_t from_index(struct text args)
{
    struct text raw;
    uint64_t index = 0;
    balance large;
    if (!argument(args, TEXT("from_index"), &raw)) return 0;
    if (json_u64(raw, &index)) return index;
    require(json_balance(raw, &large) && large >> 64 == 0, TEXT("from_index is not an index"));
    return (uint64_t)large;
}

EXPORT(get_messages)
{
    const struct text args = arguments();
    const uint64_t start = from_index(args), count = count_messages();
    uint64_t limit = DEFAULT_PAGE;
    struct writer out = {0};
    optional_u64(args, TEXT("limit"), &limit);
    require(limit > 0 && limit <= MAX_PAGE, TEXT("limit is not from 1 to 100"));

    WRITE(&out, "[");
    for (uint64_t i = start; i < count && i - start < limit; i++) {
        struct text message;
        if (i > start) WRITE(&out, ",");
        require(state_get(message_key(i), &message), TEXT("A message is missing"));
        write_text(&out, message);
    }
    WRITE(&out, "]");
    return_text(written(&out));
}

EXPORT(total_messages)
{
    struct writer out = {0};
    write_number(&out, count_messages());
    return_text(written(&out));
}
