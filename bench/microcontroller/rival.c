/* Runs a network that BakeNN compiled, and prints the instructions that it takes. */
#include "board.h"
#include NETWORK_H

#define JOIN(a, b, c) a##b##c
#define NAMED(a, b, c) JOIN(a, b, c)

static __attribute__((aligned(16))) uint8_t arena[NAMED(BKNN_, NETWORK, _ARENA_SIZE)];
static int8_t input[NAMED(BKNN_, NETWORK, _INPUT_SIZE)];
static int8_t output[NAMED(BKNN_, NETWORK, _OUTPUT_SIZE)];

int main(void)
{
    board_instructions();
    INFER(arena, input, output);
    board_print("instructions ");
    board_number(board_instructions());
    board_print("\n");
    return 0;
}
