/* Classifies pictures of clothes on a bare Cortex-M: bytes of pixels in, a name out. */
#include "board.h"
#include "classifier.h"

#define PICTURES 200
#define SHOWN 10

/* The pictures and labels that Halftone bundles, as numpy wrote them: 128 bytes of header, then pixels and int64. */
__asm__(".section .rodata\n"
        ".global pictures\n"
        "pictures: .incbin \"images.npy\", 128, 200 * 28 * 28\n"
        ".global labels\n"
        "labels: .incbin \"labels.npy\", 128, 200 * 8\n"
        ".balign 4\n"
        ".text\n");
extern const uint8_t pictures[PICTURES][CLASSIFIER_INPUT_SIZE];
extern const uint8_t labels[PICTURES][8];

static const char *const names[CLASSIFIER_OUTPUT_SIZE] = {"T-shirt", "trousers", "pullover", "dress", "coat",
                                                          "sandal",  "shirt",    "sneaker",  "bag",   "ankle boot"};

static int32_t arena[(CLASSIFIER_ARENA_BYTES + 3) / 4];
static int8_t input[CLASSIFIER_INPUT_SIZE];
static int8_t logits[CLASSIFIER_OUTPUT_SIZE];

/* For each byte of a pixel the integer that the network is fed: it was trained on pixel / 127.5 - 1. */
static int8_t fed[256];

static void prepare(void)
{
    int32_t pixel;
    for (pixel = 0; pixel < 256; pixel++) {
        const float real = (float)pixel / 127.5f - 1.0f;
        const float steps = real / CLASSIFIER_INPUT_SCALE;
        const int32_t integer = CLASSIFIER_INPUT_ZERO_POINT + (int32_t)(steps < 0 ? steps - 0.5f : steps + 0.5f);
        fed[pixel] = (int8_t)(integer < -128 ? -128 : integer > 127 ? 127 : integer);
    }
}

static int32_t classify(const uint8_t *picture)
{
    int32_t best = 0;
    int32_t i;
    for (i = 0; i < CLASSIFIER_INPUT_SIZE; i++) {
        input[i] = fed[picture[i]];
    }
    classifier_run(input, logits, (int8_t *)arena);
    for (i = 1; i < CLASSIFIER_OUTPUT_SIZE; i++) {
        best = logits[i] > logits[best] ? i : best;
    }
    return best;
}

int main(void)
{
    uint32_t right = 0;
    int32_t i;
    if (classifier_self_test(logits, (int8_t *)arena) != 0) {
        board_print("The self-test gives other integers than Halftone's engine.\n");
        return 1;
    }
    board_print("The self-test gives the integers of Halftone's engine.\n");
    prepare();
    for (i = 0; i < PICTURES; i++) {
        const int32_t answer = classify(pictures[i]);
        right += answer == labels[i][0];
        if (i < SHOWN) {
            board_print("Picture ");
            board_number((uint32_t)i);
            board_print(": ");
            board_print(names[answer]);
            board_print(answer == labels[i][0] ? ".\n" : ", and it is something else.\n");
        }
    }
    board_print("...\n");
    board_number(right);
    board_print(" of 200 pictures are classified right.\n");
    return 0;
}
