#include "tests/conformance_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/bytes.h"

struct conformance_sort {
    char *title;
    size_t count;
    struct buffer examples; /* lines */
};

static struct conformance_sort *find_sort(struct conformance_list *list, const char *title)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (strcmp(list->sorts[i].title, title) == 0) return &list->sorts[i];
    }
    if (!array_grow(&list->sorts, list->count, &list->capacity, sizeof *list->sorts)) return NULL;
    char *copy = strdup(title);
    if (!copy) return NULL;
    list->sorts[list->count] = (struct conformance_sort){.title = copy};
    return &list->sorts[list->count++];
}

void conformance_list_add(struct conformance_list *list, const char *field, const char *group, const char *name,
                          const char *text)
{
    char title[300];
    snprintf(title, sizeof title, "%s%s%s", field, group ? " when the call should end in " : "", group ? group : "");
    struct conformance_sort *sort = find_sort(list, title);
    if (!sort) list->lost++;
    else if (sort->count++ < list->examples) buffer_printf(&sort->examples, "    %s: %s\n", name, text);
}

static int compare(const void *a, const void *b)
{
    const struct conformance_sort *x = a, *y = b;
    return x->count != y->count ? (x->count < y->count ? 1 : -1) : strcmp(x->title, y->title);
}

void conformance_list_print(struct conformance_list *list)
{
    if (list->count) qsort(list->sorts, list->count, sizeof *list->sorts, compare);
    for (uint32_t i = 0; i < list->count; i++) {
        const struct conformance_sort *sort = &list->sorts[i];
        printf("%6zu  %s\n", sort->count, sort->title);
        if (sort->examples.size) fwrite(sort->examples.data, 1, sort->examples.size, stdout);
    }
    if (list->lost) printf("%6zu  not listed: no memory\n", list->lost);
}

void conformance_list_free(struct conformance_list *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        free(list->sorts[i].title);
        buffer_free(&list->sorts[i].examples);
    }
    free(list->sorts);
    *list = (struct conformance_list){0};
}
