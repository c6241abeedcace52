#include "tests/support/field_figures.h"

void field_figures_print(const struct field_figures *all, FILE *out)
{
    fprintf(out, "%-44s %8s %10s", "field", "changed", "unreadable");
    for (unsigned l = 0; l < PROOF_LEVEL_COUNT; l++)
        fprintf(out, "  %-12s %8s %8s", proof_level_name(l), "accepted", "refused");
    fprintf(out, "\n");
    for (size_t i = 0; i < proof_field_count(); i++) {
        const struct proof_field *f = proof_field_at(i);
        char name[80];
        if (!all[i].changed) continue;
        snprintf(name, sizeof name, "%s.%s", proof_type_name(f->owner), f->name);
        fprintf(out, "%-44s %8u %10u", name, all[i].changed, all[i].unreadable);
        for (unsigned l = 0; l < PROOF_LEVEL_COUNT; l++)
            fprintf(out, "  %-12s %8u %8u", proof_field_class_name(f->classes[l]), all[i].accepted[l],
                    all[i].refused[l]);
        fprintf(out, "\n");
    }
}
