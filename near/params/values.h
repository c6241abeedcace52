/* How the files of definitions (vN.def) write values. */
#ifndef NEAR_PARAMS_VALUES_H
#define NEAR_PARAMS_VALUES_H

#define GAS_COMPUTE(gas, compute) {gas, compute}
#define COST(gas_and_compute) {gas_and_compute, gas_and_compute}
#define FEE(send_sir, send_not_sir, execution) {send_sir, send_not_sir, execution}
#define SAME_FEE(each) {each, each, each}
#define GAS_FEE(send_sir, send_not_sir, execution) {send_sir, send_not_sir, execution}
#define BALANCE(high, low) {low, high} /* two halves of 64 bits */
#define RATIO(numerator, denominator) {numerator, denominator}

#endif
