/* nvm tee info: which providers are here. */
#include "cli/tee.h"

static const struct usage usage = {
    .command = "tee info",
    .operands = "[PROVIDER]",
    .text = "Says which providers of evidence are on this machine, what was found of them, and why the others are not\n"
            "there; with PROVIDER everything that it can say about itself.\n",
    .examples = "  nvm tee info\n"
                "  nvm tee info tdx\n"
                "  nvm tee info --json\n",
    .min_operands = 0,
    .max_operands = 1,
    .failure = "the provider is not there",
};

static void print_probe(const struct tee_provider *p, bool there, const struct buffer *detail)
{
    printf("%-10s %-8s", p->name, p == &tee_provider_simulator ? "always" : there ? "here" : "no");
    print_shown(stdout, bytes_of(detail->data, detail->size));
    printf("\n%19s%s\n", "", p->summary);
}

static void write_probe(struct json_writer *w, const struct tee_provider *p, bool there, const struct buffer *detail)
{
    json_write_open(w, '{');
    json_write_name(w, "provider");
    json_write_text(w, p->name);
    json_write_name(w, "summary");
    json_write_text(w, p->summary);
    json_write_name(w, "here");
    json_write_bool(w, there);
    json_write_name(w, "simulated");
    json_write_bool(w, p == &tee_provider_simulator);
    json_write_name(w, "detail");
    if (utf8_valid(detail->data, detail->size)) json_write_string(w, bytes_of(detail->data, detail->size));
    else json_write_null(w);
    json_write_close(w, '}');
}

static int list(const struct machine *m, bool json)
{
    struct buffer out = {0};
    struct json_writer w = json_writer_of(&out);
    json_write_open(&w, '[');
    for (size_t i = 0; i < tee_provider_count(); i++) {
        const struct tee_provider *p = tee_provider_at(i);
        struct buffer detail = {0};
        const bool there = p->probe(&m->system, &detail);
        if (json) write_probe(&w, p, there, &detail);
        else print_probe(p, there, &detail);
        buffer_free(&detail);
    }
    json_write_close(&w, ']');
    buffer_append_byte(&out, '\n');
    const bool failed = out.failed;
    if (json && !failed) put_json(bytes_of(out.data, out.size));
    buffer_free(&out);
    if (failed) say_error("out of memory");
    return failed ? EXIT_INPUT : EXIT_OK;
}

/* Lines "name: value", as the provider gives them; nothing in them may command a terminal. */
static void print_lines(struct bytes text)
{
    while (text.size > 0) {
        const uint8_t *end = memchr(text.data, '\n', text.size);
        const size_t size = end ? (size_t)(end - text.data) : text.size;
        print_shown(stdout, bytes_of(text.data, size));
        putchar('\n');
        text = bytes_of(text.data + size + (end != NULL), text.size - size - (end != NULL));
    }
}

static int describe(const struct machine *m, const char *name)
{
    const struct tee_provider *p;
    struct buffer text = {0};
    struct error e = {.offset = ERROR_NO_OFFSET};
    int code = provider_choose(m, name, &p);
    if (code >= 0) return code;
    if (p->describe(&m->system, &text, &e) != STATUS_OK) {
        say_tee_error(name, &e);
        code = EXIT_TRAPPED;
    } else {
        print_lines(bytes_of(text.data, text.size));
        code = EXIT_OK;
    }
    buffer_free(&text);
    return code;
}

int tee_info(int argc, char **argv)
{
    bool json = false;
    struct machine machine;
    const struct option options[] = {
        {"json", 0, OPTION_FLAG, &json, NULL, "as JSON: an array with an object for each provider", 0},
        {0},
    };
    int count = 0;
    const int code = options_parse(&usage, options, argc, argv, &count);
    if (code >= 0) return code;
    machine_init(&machine);
    return count ? describe(&machine, argv[0]) : list(&machine, json);
}
