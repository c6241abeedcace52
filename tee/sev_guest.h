/* AMD's guest device, /dev/sev-guest (Linux, uapi/linux/sev-guest.h; structures defined here, so that old headers do). */
#ifndef TEE_SEV_GUEST_H
#define TEE_SEV_GUEST_H

#include "tee/provider.h"

#define SEV_GUEST_DEVICE "/dev/sev-guest"

enum { SNP_REPORT_SIZE = 1184, SNP_REPORT_DATA_AT = 0x50, SNP_REPORT_DATA_SIZE = 64 };

/* Appends the report, and the host's certificate table if it has one. Refusals: no-device, busy, format, limit, device. */
enum status sev_guest_report(const struct tee_system *s, const uint8_t report_data[64], struct buffer *report,
                             struct buffer *certificates, struct error *e);

/* A key of this chip for guests of this measurement and policy; the caller wipes it. */
enum status sev_guest_key(const struct tee_system *s, uint8_t out[32], struct error *e);

#endif
