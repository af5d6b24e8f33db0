/* Start-up of a bare Cortex-M in QEMU, and semihosting. */
#include "board.h"

#define SYST_CSR (*(volatile uint32_t *)0xE000E010u)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014u)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018u)
#define CPACR (*(volatile uint32_t *)0xE000ED88u)

#ifndef CLOCK
#define CLOCK 25u /* MHz, by which SysTick counts; an instruction is a nanosecond */
#endif

extern uint32_t stack_top[]; /* from the linker script */

void reset(void);

__attribute__((section(".vectors"), used)) static void (*const vectors[])(void) = {(void (*)(void))stack_top, reset};

static uint32_t semihost(uint32_t operation, const void *argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

void board_print(const char *text)
{
    semihost(4, text);
}

void board_number(uint32_t number)
{
    char digits[12];
    int at = 11;
    digits[at] = 0;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    semihost(4, digits + at);
}

uint32_t board_instructions(void)
{
    uint32_t ticks = 0xFFFFFFu - SYST_CVR;
    SYST_CVR = 0;
    return (uint32_t)((uint64_t)ticks * 1000u / CLOCK);
}

void reset(void)
{
    uint32_t block[2] = {0x20026u, 0}; /* ADP_Stopped_ApplicationExit */
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
    CPACR |= 0xFu << 20; /* floats and vectors */
    __asm__ volatile("dsb\n isb" ::: "memory");
#endif
    SYST_RVR = 0xFFFFFFu;
    SYST_CVR = 0;
    SYST_CSR = 5;
    block[1] = (uint32_t)main();
    semihost(0x20, block);
    for (;;) {
    }
}
