/* order: 190; needs: common broadcast */
typedef struct {
    int32_t positive, positive_shift, negative, negative_shift;
    int16_t in_zero, slope_zero, out_zero;
} ht_prelu_numbers;

/* PRELU */
HT_KERNEL void ht_prelu(const ht_prelu_numbers *p, const ht_broadcast *b, const int8_t *x, const int8_t *slope, int8_t *y)
{
    int32_t i, j, k, l;
    for (i = 0; i < b->extent[0]; i++) {
        for (j = 0; j < b->extent[1]; j++) {
            for (k = 0; k < b->extent[2]; k++) {
                const int8_t *a = x + i * b->first[0] + j * b->first[1] + k * b->first[2];
                const int8_t *s = slope + i * b->second[0] + j * b->second[1] + k * b->second[2];
                for (l = 0; l < b->extent[3]; l++) {
                    int32_t value = *a - p->in_zero;
                    int32_t scaled = value >= 0 ? ht_rescale_any(value, p->positive, p->positive_shift)
                                                : ht_rescale_any(value * (*s - p->slope_zero), p->negative, p->negative_shift);
                    *y++ = (int8_t)ht_clamp(p->out_zero + scaled, -128, 127);
                    a += b->first[3];
                    s += b->second[3];
                }
            }
        }
    }
}
