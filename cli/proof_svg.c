/* The part of the trie that a proof brings along as a picture: a line for each node, indented by its depth, with a mark
 * for what happened to it. */
#include "cli/proof.h"

#include "cli/proof_state.h"
#include "cli/proof_text.h"
#include "cli/xml_text.h"

#include <inttypes.h>
#include <stdlib.h>

/* Pixels, but for the last two: letters. */
enum { MARGIN = 16, TOP = 92, ROW = 20, STEP = 22, RADIUS = 5, LETTER = 8, TITLE_SHOWN = 130, LABEL_SHOWN = 150 };

/* Marks, with their legend. */
enum mark { MARK_NODE, MARK_READ, MARK_CHANGED, MARK_ADDED, MARK_REMOVED, MARK_ABSENT, MARKS };
static const struct {
    const char *class, *legend, *fill;
} marks[MARKS] = {
    [MARK_NODE] = {"node", "passed by", "#b8c4ce"},   [MARK_READ] = {"read", "read", "#4c8ed9"},
    [MARK_CHANGED] = {"changed", "changed", "#f0a020"}, [MARK_ADDED] = {"added", "added", "#3fa34d"},
    [MARK_REMOVED] = {"removed", "removed", "#d64545"}, [MARK_ABSENT] = {"absent", "not in the proof", "#ffffff"},
};

struct picture {
    struct buffer *out;
    uint32_t row;                          /* of the next item */
    uint32_t widest;                       /* letters and steps, in pixels */
    uint32_t parent_row[PROOF_TREE_DEPTH + 2]; /* the latest item at each depth */
    bool drawing;                          /* else only measured */
    bool failed;
};

static enum mark mark_of(const struct proof_tree_item *item)
{
    if (item->kind == PROOF_TREE_ABSENT || item->kind == PROOF_TREE_BAD) return MARK_ABSENT;
    if (item->change) return !item->change->was ? MARK_ADDED : item->change->is ? MARK_CHANGED : MARK_REMOVED;
    return item->kind == PROOF_TREE_NODE && item->has_key && item->value ? MARK_READ : MARK_NODE;
}

static void draw_mark(struct buffer *out, enum mark mark, uint32_t x, uint32_t y)
{
    buffer_printf(out, "<circle class=\"%s\" cx=\"%" PRIu32 "\" cy=\"%" PRIu32 "\" r=\"%d\"/>", marks[mark].class, x, y,
                  (int)RADIUS);
}

static void draw_item(struct picture *p, const struct proof_tree_item *item, struct bytes label)
{
    const uint32_t x = MARGIN + item->depth * STEP + RADIUS, y = TOP + p->row * ROW;
    char hash[CRYPTO_HASH_TEXT_SIZE];
    if (item->depth) {
        const uint32_t above = TOP + p->parent_row[item->depth - 1] * ROW + RADIUS;
        buffer_printf(p->out, "<path d=\"M%" PRIu32 " %" PRIu32 "V%" PRIu32 "H%" PRIu32 "\"/>", x - STEP, above, y,
                      x - RADIUS);
    }
    buffer_append_string(p->out, "<g>");
    if (item->kind != PROOF_TREE_ABSENT && item->kind != PROOF_TREE_NEW) {
        const struct crypto_hash h = crypto_hash_of_trie(&item->hash);
        buffer_printf(p->out, "<title>%s, %zu bytes</title>", crypto_hash_text(&h, hash), item->size);
    }
    draw_mark(p->out, mark_of(item), x, y);
    buffer_printf(p->out, "<text x=\"%" PRIu32 "\" y=\"%" PRIu32 "\">", x + RADIUS + 6, y + 4);
    xml_append(p->out, label, LABEL_SHOWN);
    buffer_append_string(p->out, "</text></g>\n");
}

static bool visit(void *context, const struct proof_tree_item *item)
{
    struct picture *p = context;
    char *text = NULL;
    size_t size = 0;
    FILE *label = open_memstream(&text, &size);
    if (label) proof_print_item(label, item);
    if (!label || fclose(label) != 0) p->failed = true;
    const uint32_t letters = size > LABEL_SHOWN ? LABEL_SHOWN : (uint32_t)size;
    const uint32_t width = item->depth * STEP + letters * LETTER;
    if (width > p->widest) p->widest = width;
    if (p->drawing && !p->failed) draw_item(p, item, bytes_of(text, size));
    p->parent_row[item->depth] = p->row++;
    free(text);
    return !p->failed;
}

/* What was applied stands on the first line, the roots and sums on the second. */
static void draw_title(struct buffer *out, struct bytes title)
{
    static const char second[] = "; root ";
    const uint8_t *at = memmem(title.data, title.size, second, sizeof second - 1);
    const size_t first = at ? (size_t)(at - title.data) : title.size;
    buffer_printf(out, "<text x=\"%d\" y=\"22\">", (int)MARGIN);
    xml_append(out, bytes_of(title.data, first), TITLE_SHOWN);
    buffer_printf(out, "</text>\n<text x=\"%d\" y=\"40\">", (int)MARGIN);
    if (at) xml_append(out, bytes_of(at + 2, title.size - first - 2), TITLE_SHOWN + 20);
    buffer_append_string(out, "</text>\n");
}

static void draw_head(struct picture *p, struct bytes title, uint32_t rows)
{
    uint32_t width = p->widest + 2 * MARGIN + 3 * RADIUS + 6, x = MARGIN;
    const uint32_t least = 2 * MARGIN + (TITLE_SHOWN + 20) * LETTER;
    if (width < least) width = least;
    const uint32_t height = TOP + rows * ROW + MARGIN;
    buffer_printf(p->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
                  "width=\"%" PRIu32 "\" height=\"%" PRIu32 "\" viewBox=\"0 0 %" PRIu32 " %" PRIu32 "\">\n<style>\n"
                  "text{font:12px monospace;fill:#222;white-space:pre}\npath{fill:none;stroke:#b8c4ce}\n"
                  "circle{stroke:#667;stroke-width:.8}\n", width, height, width, height);
    for (unsigned i = 0; i < MARKS; i++) buffer_printf(p->out, ".%s{fill:%s}\n", marks[i].class, marks[i].fill);
    buffer_printf(p->out, "</style>\n<rect width=\"%" PRIu32 "\" height=\"%" PRIu32 "\" fill=\"#fff\"/>\n", width,
                  height);
    draw_title(p->out, title);
    for (unsigned i = 0; i < MARKS; i++) {
        draw_mark(p->out, (enum mark)i, x + RADIUS, 64);
        buffer_printf(p->out, "<text x=\"%" PRIu32 "\" y=\"68\">%s</text>\n", x + 2 * RADIUS + 6, marks[i].legend);
        x += 2 * RADIUS + 6 + ((uint32_t)strlen(marks[i].legend) + 3) * LETTER;
    }
}

/* Once to measure, once to draw. */
static enum status draw(struct picture *p, const struct execution_proof *proof, struct witness *rows,
                        struct bytes title, struct error *e)
{
    enum status status = proof_tree_walk(proof, rows, visit, p, e);
    if (status != STATUS_OK || p->failed) return p->failed ? error_no_memory(e) : status;
    draw_head(p, title, p->row);
    p->drawing = true;
    p->row = 0;
    status = proof_tree_walk(proof, rows, visit, p, e);
    buffer_append_string(p->out, "</svg>\n");
    return p->failed || p->out->failed ? error_no_memory(e) : status;
}

enum status proof_svg(const struct execution_proof *proof, struct buffer *out, struct error *e)
{
    struct picture p = {.out = out};
    struct witness rows;
    char *title = NULL;
    size_t size = 0;
    enum status status = witness_of(proof->rows, proof->row_count, &rows, e);
    if (status != STATUS_OK) return status;
    FILE *text = open_memstream(&title, &size);
    if (text) proof_print_summary(text, proof);
    if (!text || fclose(text) != 0) status = error_no_memory(e);
    if (status == STATUS_OK) status = draw(&p, proof, &rows, bytes_of(title, size), e);
    free(title);
    witness_free(&rows);
    return status;
}
