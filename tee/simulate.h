/* The parts of the simulator: one function for each kind of platform. */
#ifndef TEE_SIMULATE_H
#define TEE_SIMULATE_H

#include "tee/simulator.h"

struct simulation {
    const struct tee_simulator *simulator;
    int64_t at;
    const struct tee_request *request;
    const struct tee_identity_value *measurements;
    uint32_t measurement_count;
    struct issue *issue;           /* the result's */
    struct tee_simulated *out;
};

/* Something that a platform measures, and where the evidence that is being made has it. */
struct simulated_value {
    const char *name;              /* as in policies */
    void *value;                   /* bytes; a uint16_t if `size` is 0 */
    size_t size;
    bool identity;                 /* the policy names it */
};

/* Puts the measurements that were asked for in their places. STATUS_USAGE (in s->issue) if one has none. */
void simulate_measurements(struct simulation *s, const struct simulated_value *values, size_t count);
/* Writes the policy for the values. `min_tcb`: 8 bytes, of SNP alone; else null. */
void simulate_policy(struct simulation *s, const struct simulated_value *values, size_t count, const uint8_t *min_tcb);
/* Marks the simulation as failed: what is asked for does not exist. */
void simulate_refuse(struct simulation *s, const char *format, const char *detail);

void simulate_intel(struct simulation *s);
void simulate_nitro(struct simulation *s);
void simulate_snp(struct simulation *s);

#endif
