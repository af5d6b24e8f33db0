/* x * multiplier * 2^(shift - 31), rounded twice as gemmlowp does; here |x| < 2^30 and -30 <= shift < 0 */
static inline int32_t ht_rescale(int32_t x, int32_t multiplier, int32_t shift)
{
    int32_t high = (int32_t)(((int64_t)(x * 2) * multiplier + INT64_C(0x80000000)) >> 32);
    return (high + (high >> 31) + ((int32_t)1 << (-shift - 1))) >> -shift;
}
