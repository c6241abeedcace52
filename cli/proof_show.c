#include "cli/proof.h"

#include "proof/light.h"

#include <inttypes.h>

static const struct usage usage = {
    .command = "proof show",
    .operands = "FILE",
    .text =
        "Prints what an execution proof says: what was applied and what came of it, which keys were changed, and the\n"
        "part of the state that it brings along as a tree: nodes, values, what was read and what was changed.\n"
        "It is checked without being executed (as by `nvm verify --light`), and what is wrong is said at the end.\n",
    .examples = "  nvm proof show out.proof\n"
                "  nvm proof show out.proof --json\n"
                "  nvm proof show out.proof --svg out.svg\n",
    .min_operands = 1,
    .max_operands = 1,
    .failure = "the proof is refused",
};

struct show {
    const char *path, *svg;
    bool json, all;
    struct buffer bytes;
    struct execution_proof proof;
};

static int say_refusal(const struct show *s, const struct error *e)
{
    if (e->status == STATUS_IO) say_error("%s", e->message);
    else if (e->offset != ERROR_NO_OFFSET)
        say_error("%s: %s (at byte %" PRIu64 ")", s->path, e->message, e->offset);
    else say_error("%s: %s", s->path, e->message);
    return e->status == STATUS_IO || e->status == STATUS_NO_MEMORY ? EXIT_INPUT : EXIT_TRAPPED;
}

static enum status print_json(const struct show *s, struct error *e)
{
    struct buffer text = {0};
    enum status status = execution_proof_json(&s->proof, s->all, &text, e);
    buffer_append_byte(&text, '\n');
    if (status == STATUS_OK && text.failed) status = error_no_memory(e);
    if (status == STATUS_OK && !put_json(bytes_of(text.data, text.size))) status = error_no_memory(e);
    buffer_free(&text);
    return status;
}

static enum status draw(const struct show *s, struct error *e)
{
    struct buffer picture = {0};
    enum status status = proof_svg(&s->proof, &picture, e);
    if (status == STATUS_OK) status = file_write(s->svg, picture.data, picture.size, e);
    buffer_free(&picture);
    return status;
}

static int finish(const struct show *s)
{
    struct light_report report;
    struct error e = {.offset = ERROR_NO_OFFSET};
    if (fflush(stdout) != 0 || ferror(stdout)) {
        say_error("standard output cannot be written");
        return EXIT_INPUT;
    }
    return proof_verify_light(&s->proof, NULL, &report, &e) == STATUS_OK ? EXIT_OK : say_refusal(s, &e);
}

static int show(struct show *s)
{
    struct error e = {.offset = ERROR_NO_OFFSET};
    enum status status = file_read(s->path, EXECUTION_PROOF_MAX, &s->bytes, &e);
    if (status == STATUS_OK) status = execution_proof_decode(bytes_of(s->bytes.data, s->bytes.size), &s->proof, &e);
    if (status == STATUS_OK && s->svg) status = draw(s, &e);
    if (status != STATUS_OK) return say_refusal(s, &e);
    const bool picture_only = s->svg && strcmp(s->svg, "-") == 0;
    if (!picture_only) status = s->json ? print_json(s, &e) : proof_report(stdout, &s->proof, &e);
    return status == STATUS_OK ? finish(s) : say_refusal(s, &e);
}

int proof_show(int argc, char **argv)
{
    struct show s = {0};
    const struct option options[] = {
        {"json", 0, OPTION_FLAG, &s.json, NULL, "as JSON", 0},
        {"all", 0, OPTION_FLAG, &s.all, NULL, "with --json: also the rows of the state and the code of contracts", 0},
        {"svg", 0, OPTION_TEXT, &s.svg, "FILE", "draw the part of the state (SVG; \"-\": nothing else is printed)", 0},
        {0},
    };
    int count = 0;
    int code = options_parse(&usage, options, argc, argv, &count);
    if (code >= 0) return code;
    s.path = argv[0];
    code = show(&s);
    execution_proof_free(&s.proof);
    buffer_free(&s.bytes);
    return code;
}
