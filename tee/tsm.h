/* Reports by configfs-tsm (Linux 6.7 and later, Documentation/ABI/testing/configfs-tsm-report): TDX quotes and SEV-SNP
 * reports by writing to and reading from a folder of one's own. */
#ifndef TEE_TSM_H
#define TEE_TSM_H

#include "tee/provider.h"

#define TSM_REPORTS "/sys/kernel/config/tsm/report"

struct tsm_request {
    const char *provider;          /* whose report it must be: "tdx_guest", "sev_guest" */
    bool privilege_level;          /* the provider has such levels: asks at the lowest number that the guest may */
    struct bytes report_data;      /* 64 bytes */
    size_t max;                    /* of a report; larger ones are of another format */
    bool auxiliary;                /* also read "auxblob" */
};

/* Appends the report and what comes with it; or nothing. The folder is removed in any case. *absent: this kernel has no
 * such interface, or nobody behind it (then the refusal is no-device); it may be null. Refusals: no-device, provider, race,
 * empty, format, limit, busy, device. */
enum status tsm_report(const struct tee_system *s, const struct tsm_request *q, struct buffer *report,
                       struct buffer *auxiliary, bool *absent, struct error *e);

/* The name of the provider that answers there; a folder is made and removed for it. */
enum status tsm_provider(const struct tee_system *s, char name[64], bool *absent, struct error *e);

#endif
