/* Runs a network's self-test on a bare Cortex-M in QEMU: prints what it counts by semihosting, and ends.
   With -icount shift=0 an instruction takes a nanosecond, and SysTick ticks at 25 MHz: 40 instructions a tick. */
#include NETWORK_H

#define CAT(a, b) a##b
#define NAMED(a, b) CAT(a, b)

#define SYST_CSR (*(volatile uint32_t *)0xE000E010u)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014u)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018u)

void reset(void);

__attribute__((section(".vectors"), used)) static void (*const vectors[])(void) = {(void (*)(void))0x20400000u, reset};

static int32_t arena[(NAMED(NETWORK, _ARENA_BYTES) + 3) / 4];
static int8_t output[NAMED(NETWORK, _OUTPUT_SIZE)];

static uint32_t semihost(uint32_t operation, const void *argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static void print(const char *name, uint32_t number)
{
    char digits[12];
    int at = 11;
    semihost(4, name);
    digits[at] = 0;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    semihost(4, digits + at);
    semihost(4, "\n");
}

void reset(void)
{
    uint32_t block[2] = {0x20026u, 0}; /* ADP_Stopped_ApplicationExit */
    int32_t wrong;
    uint32_t before;
    SYST_RVR = 0xFFFFFFu;
    SYST_CVR = 0;
    SYST_CSR = 5;
    before = SYST_CVR;
    wrong = SELF_TEST(output, (int8_t *)arena);
    print("instructions ", ((before - SYST_CVR) & 0xFFFFFFu) * 40u);
    print("wrong ", (uint32_t)wrong);
    block[1] = wrong != 0;
    semihost(0x20, block);
    for (;;) {
    }
}
