/* x * multiplier * 2^(shift - 31), rounded twice as gemmlowp does */
static inline int32_t ht_rescale(int32_t x, int32_t multiplier, int32_t shift)
{
    return ht_rescale_any(x, multiplier, shift);
}
