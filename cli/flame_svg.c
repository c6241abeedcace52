#include "cli/flame_graph.h"
#include "cli/flame_script.h"
#include "cli/gas_text.h"
#include "cli/xml_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Pixels, but for the last. Letters are taken to be 0.6 em wide, as most monospaced fonts have them. */
enum { MARGIN = 10, TOP = 66, BOTTOM = 34, ROW = 18, FONT = 12, LETTER_PER_100_PIXELS = 14, MILLI = 1000 };

static const struct {
    const char *class, *legend, *shades[3];
} kinds[FLAME_KINDS] = {
#define X(name, legend, shade_1, shade_2, shade_3) {#name, legend, {shade_1, shade_2, shade_3}},
#include "cli/flame_kinds.def"
#undef X
};

/* Where a frame goes, in gas from the left edge. */
struct place {
    uint64_t gas;           /* its own and that of all below */
    uint64_t start;
    uint64_t filled;        /* up to here its children have been placed */
    uint64_t narrow_gas;    /* of children that are too narrow or too deep to draw */
    uint32_t narrow_frames; /* those children and all frames below that have gas */
    uint32_t narrow_last;   /* one of those children */
    uint32_t frames;        /* itself and all below that have gas */
    uint32_t level;
    bool drawn;
};

struct picture {
    const struct flame_graph *graph;
    struct place *places;
    struct buffer *out;
    uint64_t total;
    unsigned width;         /* of the root, pixels */
    uint32_t levels;        /* that are drawn */
};

/* ---- layout ------------------------------------------------------------------------------------------------------ */

/* A frame stands behind its parent in the array, so one pass backwards sums up and one pass forwards places: however
 * deep the tree, nothing recurses. */
static void sum_up(struct picture *p)
{
    for (uint32_t i = p->graph->count; i-- > 0;) {
        struct place *place = &p->places[i];
        place->gas += p->graph->frames[i].own_gas;
        if (place->gas) place->frames++;
        if (i == FLAME_ROOT) break;
        struct place *above = &p->places[p->graph->frames[i].parent];
        above->gas += place->gas;
        above->frames += place->frames;
    }
}

static void place_frames(struct picture *p, uint64_t minimum, uint32_t depth)
{
    p->places[FLAME_ROOT].drawn = true;
    p->levels = 1;
    for (uint32_t i = 1; i < p->graph->count; i++) {
        struct place *place = &p->places[i], *above = &p->places[p->graph->frames[i].parent];
        if (!above->drawn || place->gas == 0) continue;
        place->level = above->level + 1;
        if (place->level + 1 > p->levels) p->levels = place->level + 1;
        if (place->level + 1 >= depth || gas_share(place->gas, p->total, p->width * MILLI) < minimum) {
            above->narrow_gas += place->gas;
            above->narrow_frames += place->frames;
            above->narrow_last = i;
            continue;
        }
        place->drawn = true;
        place->start = place->filled = above->filled;
        above->filled += place->gas;
    }
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

/* The same name has the same shade in every picture. */
static unsigned shade_of(struct bytes name)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < name.size; i++) hash = (hash ^ name.data[i]) * 16777619u;
    return (hash >> 16) % 3;
}

static void append_gas(struct buffer *out, const char *label, uint64_t gas, uint64_t total)
{
    char digits[GAS_TEXT], tera[GAS_TEXT], percent[GAS_TEXT];
    gas_grouped(digits, gas);
    gas_tera(tera, gas);
    gas_percent(percent, gas, total);
    buffer_printf(out, "%s%s gas (%s, %s)", label, digits, tera, percent);
}

/* ---- drawing ----------------------------------------------------------------------------------------------------- */

struct box {
    struct bytes name;
    uint64_t start, gas, own_gas;
    uint32_t level;
    const char *class;
    unsigned shade;
    bool visible;           /* at least half a pixel wide */
};

static void draw_box(struct picture *p, const struct box *box)
{
    struct buffer *out = p->out;
    uint64_t left = gas_share(box->start, p->total, p->width * MILLI);
    uint64_t right = p->total ? gas_share(box->start + box->gas, p->total, p->width * MILLI) : p->width * MILLI;
    uint64_t width = right - left, x = left + MARGIN * MILLI;
    if (box->visible && width < MILLI / 2) {
        uint64_t room = p->width * MILLI - left;
        width = room < MILLI / 2 ? room : MILLI / 2;
    }
    unsigned y = TOP + box->level * ROW;
    buffer_printf(out, "<g class=\"%s s%u\" data-start=\"%" PRIu64 "\" data-gas=\"%" PRIu64 "\" data-level=\"%" PRIu32
                  "\"><title>", box->class, box->shade, box->start, box->gas, box->level);
    xml_append(out, box->name, SIZE_MAX);
    append_gas(out, "\n", box->gas, p->total);
    if (box->own_gas != box->gas) append_gas(out, "\nown: ", box->own_gas, p->total);
    buffer_printf(out, "</title><rect x=\"%" PRIu64 ".%03" PRIu64 "\" y=\"%u\" width=\"%" PRIu64 ".%03" PRIu64
                  "\" height=\"%u\"/>", x / MILLI, x % MILLI, y, width / MILLI, width % MILLI, (unsigned)ROW - 1);
    uint64_t pixels = width / MILLI, letters = pixels > 6 ? (pixels - 6) * LETTER_PER_100_PIXELS / 100 : 0;
    if (letters >= 3) {
        buffer_printf(out, "<text x=\"%" PRIu64 ".%03" PRIu64 "\" y=\"%u\">", x / MILLI + 3, x % MILLI, y + 13);
        xml_append(out, box->name, (size_t)letters);
        buffer_append_string(out, "</text>");
    }
    buffer_append_string(out, "</g>\n");
}

static void draw_frame(struct picture *p, uint32_t i, uint64_t start, uint32_t level)
{
    const struct flame_frame *frame = &p->graph->frames[i];
    unsigned kind = frame->kind < FLAME_KINDS ? frame->kind : FLAME_COST;
    draw_box(p, &(struct box){
        .name = frame->name,
        .start = start,
        .gas = p->places[i].gas,
        .own_gas = frame->own_gas,
        .level = level,
        .class = kinds[kind].class,
        .shade = shade_of(frame->name),
    });
}

/* What is too narrow or too deep, right of a frame's other children. */
static void draw_narrow(struct picture *p, const struct place *place)
{
    if (place->narrow_frames == 1) {
        draw_frame(p, place->narrow_last, place->filled, place->level + 1);
        return;
    }
    char name[2 * GAS_TEXT + 16], count[GAS_TEXT], gas[GAS_TEXT];
    gas_grouped(count, place->narrow_frames);
    gas_grouped(gas, place->narrow_gas);
    snprintf(name, sizeof name, "%s more, %s gas", count, gas);
    draw_box(p, &(struct box){
        .name = bytes_of_string(name),
        .start = place->filled,
        .gas = place->narrow_gas,
        .own_gas = place->narrow_gas,
        .level = place->level + 1,
        .class = "more",
        .visible = true,
    });
}

static void draw_frames(struct picture *p)
{
    buffer_append_string(p->out, "<g id=\"frames\">\n");
    for (uint32_t i = 0; i < p->graph->count && !p->out->failed; i++) {
        const struct place *place = &p->places[i];
        if (!place->drawn) continue;
        draw_frame(p, i, place->start, place->level);
        if (place->narrow_frames) draw_narrow(p, place);
    }
    buffer_append_string(p->out, "</g>\n");
}

static void draw_style(struct buffer *out)
{
    buffer_printf(out, "<style>\ntext{font:%upx monospace;fill:#222;white-space:pre}\n", (unsigned)FONT);
    buffer_append_string(out, "#title{font-size:17px}\n#search,#reset{fill:#06c;cursor:pointer}\n"
                              "#frames rect{stroke:#fff;stroke-width:.4}\n#frames g{cursor:pointer}\n"
                              "#frames g:hover rect{stroke:#000;stroke-width:1}\n#frames text{pointer-events:none}\n"
                              "#frames .above{opacity:.55}\n.more rect{fill:#d5d5d5}\n");
    for (unsigned kind = 0; kind < FLAME_KINDS; kind++)
        for (unsigned shade = 0; shade < 3; shade++)
            buffer_printf(out, ".%s.s%u rect{fill:%s}\n", kinds[kind].class, shade, kinds[kind].shades[shade]);
    buffer_append_string(out, "#frames .hit rect{fill:#e040fb}\n</style>\n");
}

static void draw_legend(struct buffer *out, unsigned y)
{
    unsigned x = MARGIN;
    buffer_append_string(out, "<g id=\"legend\">\n");
    for (unsigned kind = 0; kind < FLAME_KINDS; kind++) {
        buffer_printf(out, "<g class=\"%s s0\"><rect x=\"%u\" y=\"%u\" width=\"11\" height=\"11\"/>"
                      "<text x=\"%u\" y=\"%u\">%s</text></g>\n", kinds[kind].class, x, y - 10, x + 16, y,
                      kinds[kind].legend);
        x += 16 + ((unsigned)strlen(kinds[kind].legend) + 3) * 100 / LETTER_PER_100_PIXELS;
    }
    buffer_append_string(out, "</g>\n");
}

static void draw(struct picture *p, struct bytes title)
{
    struct buffer *out = p->out;
    unsigned width = p->width + 2 * MARGIN, height = TOP + p->levels * ROW + BOTTOM;
    buffer_printf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" viewBox=\"0 0 %u %u\""
                  " data-left=\"%u\" data-width=\"%u\">\n", width, height, width, height, (unsigned)MARGIN, p->width);
    draw_style(out);
    buffer_printf(out, "<rect width=\"%u\" height=\"%u\" fill=\"#fff\"/>\n<text id=\"title\" x=\"%u\" y=\"24\">", width,
                  height, (unsigned)MARGIN);
    xml_append(out, title, (size_t)p->width / 11);
    buffer_printf(out, "</text>\n<text x=\"%u\" y=\"44\">", (unsigned)MARGIN);
    append_gas(out, "", p->total, p->total);
    buffer_printf(out, "</text>\n<text id=\"search\" x=\"%u\" y=\"24\" text-anchor=\"end\" style=\"display:none\">"
                  "Search (/)</text>\n<text id=\"reset\" x=\"%u\" y=\"44\" text-anchor=\"end\" style=\"display:none\">"
                  "Reset zoom (Esc)</text>\n<text id=\"found\" x=\"%u\" y=\"60\" text-anchor=\"end\"></text>\n"
                  "<text id=\"details\" x=\"%u\" y=\"60\"></text>\n", width - MARGIN, width - MARGIN, width - MARGIN,
                  (unsigned)MARGIN);
    draw_frames(p);
    draw_legend(out, height - BOTTOM / 3);
    buffer_append_string(out, "<script><![CDATA[\n");
    buffer_append_string(out, flame_script);
    buffer_append_string(out, "]]></script>\n</svg>\n");
}

enum status flame_write_svg(const struct flame_graph *graph, const struct flame_svg_options *options,
                            struct buffer *out, struct error *e)
{
    struct picture p = {.graph = graph, .out = out};
    enum status status = flame_total(graph, &p.total, e);
    if (status) return status;
    if (graph->count == 0)
        return error_set(e, STATUS_USAGE, 0, ERROR_NO_OFFSET, "a flame graph needs at least one frame");
    p.width = options->width == 0 ? 1200 : options->width < 300 ? 300 : options->width > 10000 ? 10000 : options->width;
    double minimum = options->minimum > 0 ? options->minimum : 0.2;
    p.places = calloc(graph->count, sizeof *p.places);
    if (!p.places) return error_no_memory(e);
    size_t start = out->size;
    sum_up(&p);
    place_frames(&p, minimum < p.width ? (uint64_t)(minimum * (double)MILLI) : p.width * (uint64_t)MILLI,
                 options->depth ? options->depth : 256);
    draw(&p, options->title);
    free(p.places);
    if (!out->failed) return STATUS_OK;
    out->size = start;
    return error_no_memory(e);
}
