/* Where gas went: a tree of frames, each with the gas that it burnt itself, written as folded stacks or as a flame
 * graph in SVG. Both depend on the tree alone: the same tree gives the same bytes. */
#ifndef CLI_FLAME_GRAPH_H
#define CLI_FLAME_GRAPH_H

#include "base/bytes.h"
#include "base/error.h"

enum flame_kind {
#define X(name, legend, shade_1, shade_2, shade_3) FLAME_##name,
#include "cli/flame_kinds.def"
#undef X
    FLAME_KINDS
};

struct flame_frame {
    struct bytes name;   /* borrowed; any bytes */
    uint64_t own_gas;    /* without that of the frames below */
    uint32_t parent;     /* a smaller index; FLAME_ROOT of the root itself */
    uint8_t kind;        /* enum flame_kind */
};

enum { FLAME_ROOT = 0 };
#define FLAME_NONE UINT32_MAX

/* Frame 0 is the root; a frame stands behind its parent and behind the siblings that are drawn left of it.
 * Zero-initialise; release with flame_free. */
struct flame_graph {
    struct flame_frame *frames;
    uint32_t count, capacity;
};

/* Adds a frame below `parent` (the first one is the root; its parent is ignored) and returns its index, or FLAME_NONE
 * if there is no memory or no such parent. `name` must live as long as the graph. The caller decides which calls are
 * one frame; its gas may be added later: graph->frames[i].own_gas += gas. */
uint32_t flame_add(struct flame_graph *graph, uint32_t parent, struct bytes name, enum flame_kind kind,
                   uint64_t own_gas);

void flame_free(struct flame_graph *graph);

/* Gas of all frames. STATUS_LIMIT if that is 2^64 or more. */
enum status flame_total(const struct flame_graph *graph, uint64_t *gas, struct error *e);

/* Appends one line for each frame with gas of its own, in the order of frames: "root;main;f 12345". `;`, what
 * base/shown.h calls hidden, and bytes that are not UTF-8 become `_` in names. Frames
 * below FLAME_FOLDED_DEPTH levels are
 * summed up in one line "...;(deeper frames) gas". The numbers add up to flame_total. Errors: STATUS_LIMIT,
 * STATUS_NO_MEMORY; nothing is appended then. */
enum { FLAME_FOLDED_DEPTH = 1024 };
enum status flame_write_folded(const struct flame_graph *graph, struct buffer *out, struct error *e);

struct flame_svg_options {
    struct bytes title;        /* above the graph; any bytes */
    unsigned width;            /* pixels; 0: 1200. At least 300, at most 10000 are used */
    double minimum;            /* pixels; siblings narrower than that are drawn as one "N more"; 0: 0.2 */
    unsigned depth;            /* levels that are drawn, what is deeper is summed up likewise; 0: 256 */
};

/* Appends an SVG document: a picture of its own that needs nothing else, with a script for zooming and searching where
 * scripts run. Widths are proportional to the gas of a frame and all below it; the exact numbers are in the tooltips.
 * Frames without any gas have no width and are left out. Errors as above. */
enum status flame_write_svg(const struct flame_graph *graph, const struct flame_svg_options *options,
                            struct buffer *out, struct error *e);

#endif
