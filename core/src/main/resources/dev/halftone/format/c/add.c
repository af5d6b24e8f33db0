/* order: 160; needs: common helium broadcast sum; types: int8 int16 */
/* ADD; SUB with sign -1 */
HT_KERNEL void ht_add(const ht_add_numbers *p, const ht_broadcast *b, const ht_int *first, const ht_int *second, ht_int *y)
{
    const int32_t sign = p->sign;
    const int32_t unit = 1 << (sizeof *y == 1 ? 20 : 15); /* terms are added with so many bits below the point */
    int32_t i, j, k, l;
    for (i = 0; i < b->extent[0]; i++) {
        for (j = 0; j < b->extent[1]; j++) {
            for (k = 0; k < b->extent[2]; k++) {
                const ht_int *a = first + i * b->first[0] + j * b->first[1] + k * b->first[2];
                const ht_int *c = second + i * b->second[0] + j * b->second[1] + k * b->second[2];
#ifdef HT_HELIUM
                if (sizeof *y == 1 && b->first[3] == 1 && b->second[3] == 1) {
                    ht_helium_add(p, (const int8_t *)a, (const int8_t *)c, (int8_t *)y, b->extent[3]);
                    y += b->extent[3];
                    continue;
                }
#endif
                for (l = 0; l < b->extent[3]; l++) {
                    int32_t left = ht_rescale_any((*a - p->first_zero) * unit, p->left, p->left_shift);
                    int32_t right = ht_rescale_any((*c - p->second_zero) * unit, p->right, p->right_shift);
                    int32_t sum = left + sign * right;
                    *y++ = (ht_int)ht_clamp(p->out_zero + ht_rescale_any(sum, p->sum, p->sum_shift), p->min, p->max);
                    a += b->first[3];
                    c += b->second[3];
                }
            }
        }
    }
}
