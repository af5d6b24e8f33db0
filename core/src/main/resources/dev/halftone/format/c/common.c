/* Arithmetic: TFLite's 8-bit quantization specification. Rounding: MultiplyByQuantizedMultiplier, rounding twice. */

#if defined(__GNUC__) && !defined(__clang__)
#define HT_KERNEL __attribute__((noinline, noclone)) static /* one copy for all layers */
#else
#define HT_KERNEL static
#endif

static inline int32_t ht_rescale_any(int32_t x, int32_t multiplier, int32_t shift)
{
    int32_t left = shift > 0 ? shift : 0;
    int32_t right = shift > 0 ? 0 : -shift;
    int64_t product = (int64_t)x * ((int64_t)1 << left) * multiplier;
    int32_t high = (int32_t)((product + ((int64_t)1 << 30)) >> 31);
    int32_t mask = (int32_t)(((int64_t)1 << right) - 1);
    int32_t threshold = (mask >> 1) + (high < 0 ? 1 : 0);
    return (high >> right) + ((high & mask) > threshold ? 1 : 0);
}

static inline int8_t ht_clamp(int32_t value, int32_t min, int32_t max)
{
    value = value < min ? min : value;
    return (int8_t)(value > max ? max : value);
}
