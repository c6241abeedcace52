/* Many differences, sorted: how many there are of each sort, and a few examples. */
#ifndef TESTS_CONFORMANCE_LIST_H
#define TESTS_CONFORMANCE_LIST_H

#include <stddef.h>
#include <stdint.h>

/* Zero-initialise but for `examples`, how many to keep of each sort. */
struct conformance_list {
    unsigned examples;
    struct conformance_sort *sorts;
    uint32_t count, capacity;
    size_t lost; /* for want of memory */
};

/* Differences are of one sort if they have the same field and group (which may be null). */
void conformance_list_add(struct conformance_list *list, const char *field, const char *group, const char *name,
                          const char *text);

/* The most frequent sort first. */
void conformance_list_print(struct conformance_list *list);
void conformance_list_free(struct conformance_list *list);

#endif
