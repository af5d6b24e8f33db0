/* order: 180; needs: common broadcast product; types: int8 int16 */
/* MUL */
HT_KERNEL void ht_mul(const ht_mul_numbers *p, const ht_broadcast *b, const ht_int *first, const ht_int *second, ht_int *y)
{
    int32_t i, j, k, l;
    for (i = 0; i < b->extent[0]; i++) {
        for (j = 0; j < b->extent[1]; j++) {
            for (k = 0; k < b->extent[2]; k++) {
                const ht_int *a = first + i * b->first[0] + j * b->first[1] + k * b->first[2];
                const ht_int *c = second + i * b->second[0] + j * b->second[1] + k * b->second[2];
                for (l = 0; l < b->extent[3]; l++) {
                    int32_t product = (*a - p->first_zero) * (*c - p->second_zero);
                    *y++ = (ht_int)ht_clamp(p->out_zero + ht_rescale_any(product, p->multiplier, p->shift), p->min, p->max);
                    a += b->first[3];
                    c += b->second[3];
                }
            }
        }
    }
}
