/* What a bare Cortex-M in QEMU is given to talk with. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

/* Prints a text by semihosting. */
void board_print(const char *text);

/* Prints a number. */
void board_number(uint32_t number);

/* Instructions since the last call, at most 600 million, where QEMU runs with -icount shift=0 and SysTick ticks at 25 MHz: an
   instruction takes a nanosecond, a tick 40 of them. */
uint32_t board_instructions(void);

/* The program; what it gives is QEMU's exit code. */
int main(void);

#endif
