/* order: 220; needs: common; types: int8 int16 int8to16 int16to8 */
/* QUANTIZE from one grid to another, and RELU */
HT_KERNEL void ht_requantize(const ht_from *x, ht_to *y, int32_t count, int32_t in_zero, int32_t out_zero, int32_t multiplier, int32_t shift,
                          int32_t min, int32_t max)
{
    int32_t i;
    for (i = 0; i < count; i++) {
        y[i] = (ht_to)ht_clamp(out_zero + ht_rescale_any(x[i] - in_zero, multiplier, shift), min, max);
    }
}
