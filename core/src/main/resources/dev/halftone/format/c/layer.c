/* order: 40 */
#if defined(__ARM_FEATURE_DSP) && defined(__GNUC__)
#include <arm_acle.h>

typedef uint32_t ht_word;

static inline ht_word ht_load(const int8_t *from)
{
    ht_word word;
    memcpy(&word, from, sizeof word);
    return word;
}

/* bytes 0 and 2, or 1 and 3, as two 16-bit numbers */
static inline ht_word ht_even(ht_word word)
{
    ht_word pair;
    __asm__("sxtb16 %0, %1" : "=r"(pair) : "r"(word));
    return pair;
}

static inline ht_word ht_odd(ht_word word)
{
    ht_word pair;
    __asm__("sxtb16 %0, %1, ror #8" : "=r"(pair) : "r"(word));
    return pair;
}

/* the same, plus a number for both */
static inline ht_word ht_even_plus(ht_word add, ht_word word)
{
    ht_word pair;
    __asm__("sxtab16 %0, %1, %2" : "=r"(pair) : "r"(add), "r"(word));
    return pair;
}

static inline ht_word ht_odd_plus(ht_word add, ht_word word)
{
    ht_word pair;
    __asm__("sxtab16 %0, %1, %2, ror #8" : "=r"(pair) : "r"(add), "r"(word));
    return pair;
}

static inline int32_t ht_dual(ht_word a, ht_word b, int32_t sum)
{
    return __smlad((int16x2_t)a, (int16x2_t)b, sum);
}
static inline int32_t ht_high(int32_t a, int32_t b)
{
    int32_t high;
    __asm__("smmulr %0, %1, %2" : "=r"(high) : "r"(a), "r"(b));
    return high;
}
#define HT_DSP 1
#else
/* the high half of a product, to nearest */
static inline int32_t ht_high(int32_t a, int32_t b)
{
    return (int32_t)(((int64_t)a * b + INT64_C(0x80000000)) >> 32);
}
#endif

#ifdef HALFTONE_CMSIS_NN
typedef int32_t ht_shift; /* as CMSIS-NN reads it */
#else
typedef int8_t ht_shift;
#endif

/* A weighted layer. Extents are in elements; weights [outC][height][width][inC / groups], depthwise [height][width][outC].
   Channels: [outC] biases, [outC] multipliers; a sum is multiplied with multiplier * 2^(shift - 31). */
typedef struct {
    const int8_t *weights;
    const int32_t *channels;
    const ht_shift *shifts;
    int32_t in_h, in_w, in_c, out_h, out_w, out_c;
    int16_t k_h, k_w, stride_y, stride_x, dilation_y, dilation_x, top, left;
    int16_t groups, in_zero, out_zero, min, max;
} ht_layer;
