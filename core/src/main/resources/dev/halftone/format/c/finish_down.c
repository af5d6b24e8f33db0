/* order: 50; needs: common layer */
/* The sum of a channel of n as int8, rounded twice as gemmlowp does; here |sum| < 2^30 and -30 <= shift < 0. */
static inline int8_t ht_finish(int32_t sum, const int32_t *c, const ht_shift *shift, int32_t n, int32_t zero, int32_t min, int32_t max)
{
    int32_t high = ht_high(sum * 2, c[n]);
    int32_t scaled = (((high + (high >> 31)) >> (-1 - *shift)) + 1) >> 1;
    return (int8_t)ht_clamp(zero + scaled, min, max);
}
