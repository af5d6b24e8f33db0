/* order: 10 */
/* Arithmetic: TFLite's 8-bit quantization specification. Rounding: MultiplyByQuantizedMultiplier, rounding twice. */

#ifdef __clang__
#pragma clang diagnostic ignored "-Wunused-function" /* kernels build on more than one network needs */
#endif

#if defined(__GNUC__) && !defined(__clang__)
#define HT_KERNEL __attribute__((noinline, noclone, unused)) static /* one copy for all layers */
#else
#define HT_KERNEL static
#endif

/* a * b / 2^31 to nearest, ties up */
static inline int32_t ht_double_high(int32_t a, int32_t b)
{
    return (int32_t)(((int64_t)a * b + ((int64_t)1 << 30)) >> 31);
}

/* x / 2^exponent to nearest, ties away from zero; exponent 0 to 31 */
static inline int32_t ht_round_shift(int32_t x, int32_t exponent)
{
    int32_t mask = (int32_t)(((int64_t)1 << exponent) - 1);
    int32_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
    return (x >> exponent) + ((x & mask) > threshold ? 1 : 0);
}

static inline int32_t ht_rescale_any(int32_t x, int32_t multiplier, int32_t shift)
{
    int32_t left = shift > 0 ? shift : 0;
    int32_t shifted = (int32_t)((uint32_t)x << left);
#ifdef HT_SHIFTS
    (void)multiplier; /* 2^30 everywhere: a half */
    return ht_round_shift((shifted >> 1) + (shifted & 1), left - shift);
#else
    return ht_round_shift(ht_double_high(shifted, multiplier), left - shift);
#endif
}

static inline int32_t ht_clamp(int32_t value, int32_t min, int32_t max)
{
    value = value < min ? min : value;
    return value > max ? max : value;
}
