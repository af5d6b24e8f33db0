/* A channel's sum as int8, rounded twice as gemmlowp does. */
static inline int8_t ht_finish(int32_t sum, const ht_channel *c, int32_t zero, int32_t min, int32_t max)
{
    return ht_clamp(zero + ht_rescale_any(sum, c->multiplier, c->shift), min, max);
}
