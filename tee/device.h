/* Reading, writing and asking devices through struct tee_system: interrupted and short transfers are gone on with, what is
 * read is bounded, and errors of the system become refusals (device_errors.def) that name the path and the error. */
#ifndef TEE_DEVICE_H
#define TEE_DEVICE_H

#include "tee/provider.h"

/* Refusals: no-device, busy, limit, device. */
enum status device_open(const struct tee_system *s, const char *path, int flags, int *fd, struct error *e);
enum status device_close(const struct tee_system *s, int fd, const char *path, struct error *e);
enum status device_ioctl(const struct tee_system *s, int fd, const char *path, unsigned long request, void *argument,
                         struct error *e);
enum status device_mkdir(const struct tee_system *s, const char *path, bool *exists, struct error *e);

/* Appends all that the file has, up to its end; or nothing. More than `max` bytes are refused as `too_large`. */
enum status device_read_file(const struct tee_system *s, const char *path, size_t max, enum tee_refusal too_large,
                             struct buffer *out, struct error *e);
/* A file of exactly `size` secret bytes, of which no copies are left in memory. Refusals also: format. */
enum status device_read_secret(const struct tee_system *s, const char *path, uint8_t *out, size_t size,
                               struct error *e);
/* Opens, writes all and closes. */
enum status device_write_file(const struct tee_system *s, const char *path, struct bytes data, struct error *e);
/* One line of printable ASCII, without the line's end. Refusals also: format. */
enum { DEVICE_LINE = 64 };
enum status device_read_line(const struct tee_system *s, const char *path, char out[DEVICE_LINE], struct error *e);
/* A line that is a decimal number. */
enum status device_read_number(const struct tee_system *s, const char *path, uint64_t *out, struct error *e);

/* Waits before the next try; `tries` counts the failed ones. False: there have been enough (DEVICE_TRIES). */
enum { DEVICE_TRIES = 3 };
bool device_try_again(const struct tee_system *s, unsigned tries);

/* That what the device made is about what was asked. Refusal: report-data. */
enum status device_check_report_data(const char *what, struct bytes found, struct bytes asked, struct error *e);

/* 32 bytes for sealing out of the hardware's key: HKDF-SHA-256 without salt, info "nvm-root-v1" ‖ 0x00 ‖ `use`. */
enum status device_root(struct bytes key, const char *use, uint8_t out[32], struct error *e);

#endif
