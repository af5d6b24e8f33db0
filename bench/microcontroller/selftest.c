/* Runs a network's self-test: prints the instructions that it takes and how many outputs are wrong. */
#include "board.h"
#include NETWORK_H

#define CAT(a, b) a##b
#define NAMED(a, b) CAT(a, b)

enum { WORDS = (NAMED(NETWORK, _ARENA_BYTES) + 3) / 4, UNTOUCHED = 0x5A5A5A5A };

static int32_t arena[WORDS + 1]; /* and a word that the network leaves alone */
static int32_t output[NAMED(NETWORK, _OUTPUT_SIZE)]; /* whatever their type */

int main(void)
{
    int32_t wrong;
    uint32_t instructions;
    arena[WORDS] = UNTOUCHED;
    board_instructions();
    wrong = SELF_TEST((void *)output, (void *)arena);
    instructions = board_instructions();
    wrong += arena[WORDS] != UNTOUCHED;
    board_print("instructions ");
    board_number(instructions);
    board_print("\nwrong ");
    board_number((uint32_t)wrong);
    board_print("\n");
    return wrong != 0;
}
