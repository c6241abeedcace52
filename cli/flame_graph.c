#include "cli/flame_graph.h"

#include "base/array.h"
#include "base/shown.h"

#include <inttypes.h>
#include <stdlib.h>

uint32_t flame_add(struct flame_graph *graph, uint32_t parent, struct bytes name, enum flame_kind kind,
                   uint64_t own_gas)
{
    if (graph->count == 0) parent = FLAME_ROOT;
    else if (parent >= graph->count) return FLAME_NONE;
    if (graph->count == graph->capacity &&
        (graph->count >= FLAME_NONE / 2 ||
         !array_grow(&graph->frames, graph->count, &graph->capacity, sizeof *graph->frames)))
        return FLAME_NONE;
    graph->frames[graph->count] = (struct flame_frame){name, own_gas, parent, (uint8_t)kind};
    return graph->count++;
}

void flame_free(struct flame_graph *graph)
{
    free(graph->frames);
    *graph = (struct flame_graph){0};
}

enum status flame_total(const struct flame_graph *graph, uint64_t *gas, struct error *e)
{
    *gas = 0;
    for (uint32_t i = 0; i < graph->count; i++) {
        if (graph->frames[i].own_gas > UINT64_MAX - *gas)
            return error_set(e, STATUS_LIMIT, 0, ERROR_NO_OFFSET, "the gas of all frames is 2^64 or more");
        *gas += graph->frames[i].own_gas;
    }
    return STATUS_OK;
}

/* ---- folded stacks ----------------------------------------------------------------------------------------------- */

static void append_folded_name(struct buffer *out, struct bytes name)
{
    if (name.size == 0) buffer_append_byte(out, '_');
    for (size_t i = 0; i < name.size;) {
        uint32_t c = 0;
        const size_t size = character_at(name, i, &c);
        if (size == 0 || c == ';' || character_is_hidden(c)) buffer_append_byte(out, '_');
        else buffer_append(out, name.data + i, size);
        i += size ? size : 1;
    }
}

/* The frames from the root to `frame`, by way of `stack`, which holds FLAME_FOLDED_DEPTH of them. */
static void append_stack(struct buffer *out, const struct flame_graph *graph, uint32_t frame, uint32_t *stack)
{
    uint32_t depth = 0;
    for (;; frame = graph->frames[frame].parent) {
        stack[depth++] = frame;
        if (frame == FLAME_ROOT) break;
    }
    while (depth) {
        append_folded_name(out, graph->frames[stack[--depth]].name);
        if (depth) buffer_append_byte(out, ';');
    }
}

/* For each frame its level, from 1; for those on the last level that is written, the gas of all below. A frame below
 * that has the level FLAME_FOLDED_DEPTH + 1, and passes its gas up. */
struct folded {
    uint32_t level;
    uint64_t deeper;
};

static void measure(const struct flame_graph *graph, struct folded *folded)
{
    for (uint32_t i = 0; i < graph->count; i++) {
        uint32_t above = i == FLAME_ROOT ? 0 : folded[graph->frames[i].parent].level;
        folded[i].level = above > FLAME_FOLDED_DEPTH ? above : above + 1;
    }
    for (uint32_t i = graph->count; i-- > 1;)
        if (folded[i].level > FLAME_FOLDED_DEPTH)
            folded[graph->frames[i].parent].deeper += folded[i].deeper + graph->frames[i].own_gas;
}

enum status flame_write_folded(const struct flame_graph *graph, struct buffer *out, struct error *e)
{
    uint64_t total;
    enum status status = flame_total(graph, &total, e);
    if (status) return status;
    struct folded *folded = calloc((size_t)graph->count + 1, sizeof *folded);
    uint32_t *stack = calloc(FLAME_FOLDED_DEPTH, sizeof *stack);
    size_t start = out->size;
    if (!folded || !stack) {
        status = error_no_memory(e);
        goto done;
    }
    measure(graph, folded);
    for (uint32_t i = 0; i < graph->count && !out->failed; i++) {
        if (folded[i].level > FLAME_FOLDED_DEPTH) continue;
        if (graph->frames[i].own_gas) {
            append_stack(out, graph, i, stack);
            buffer_printf(out, " %" PRIu64 "\n", graph->frames[i].own_gas);
        }
        if (folded[i].deeper) {
            append_stack(out, graph, i, stack);
            buffer_printf(out, ";(deeper frames) %" PRIu64 "\n", folded[i].deeper);
        }
    }
    if (out->failed) {
        out->size = start;
        status = error_no_memory(e);
    }
done:
    free(folded);
    free(stack);
    return status;
}
