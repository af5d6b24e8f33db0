/* order: 270; needs: common; types: int8 int16 */
/* MEAN over rows and columns */
HT_KERNEL void ht_mean(const ht_int *x, ht_int *y, int32_t count, int32_t channels, int32_t in_zero, int32_t out_zero, int32_t multiplier,
                    int32_t shift)
{
    const int32_t left = shift > 0 ? shift : 0;
    int32_t i, c;
    for (c = 0; c < channels; c++) {
        int32_t sum = -count * in_zero;
        for (i = 0; i < count; i++) {
            sum += x[i * channels + c];
        }
        sum = ht_double_high((int32_t)((uint32_t)sum << left), multiplier);
        y[c] = (ht_int)ht_clamp(out_zero + ht_round_shift(sum, left - shift), HT_MIN, HT_MAX);
    }
}
