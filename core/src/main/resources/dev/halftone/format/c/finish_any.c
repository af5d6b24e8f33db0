/* order: 60; needs: common layer */
/* The sum of a channel of n as int8, rounded twice as gemmlowp does. */
static inline int8_t ht_finish(int32_t sum, const int32_t *c, const ht_shift *shift, int32_t n, int32_t zero, int32_t min, int32_t max)
{
    return (int8_t)ht_clamp(zero + ht_rescale_any(sum, c[n], *shift), min, max);
}
