typedef struct {
    int32_t left, left_shift, right, right_shift, sum, sum_shift;
    int16_t first_zero, second_zero, out_zero, min, max, sign;
} ht_add_numbers;

#ifdef HT_WIDE
#define HT_SUM_SHIFT 15
#else
#define HT_SUM_SHIFT 20
#endif

/* ADD; SUB with sign -1 */
HT_KERNEL void ht_add(const ht_add_numbers *p, const ht_broadcast *b, const ht_int *first, const ht_int *second, ht_int *y)
{
    const int32_t sign = p->sign;
    int32_t i, j, k, l;
    for (i = 0; i < b->extent[0]; i++) {
        for (j = 0; j < b->extent[1]; j++) {
            for (k = 0; k < b->extent[2]; k++) {
                const ht_int *a = first + i * b->first[0] + j * b->first[1] + k * b->first[2];
                const ht_int *c = second + i * b->second[0] + j * b->second[1] + k * b->second[2];
                for (l = 0; l < b->extent[3]; l++) {
                    int32_t left = ht_rescale_any((*a - p->first_zero) * (1 << HT_SUM_SHIFT), p->left, p->left_shift);
                    int32_t right = ht_rescale_any((*c - p->second_zero) * (1 << HT_SUM_SHIFT), p->right, p->right_shift);
                    int32_t sum = left + sign * right;
                    *y++ = ht_clamp(p->out_zero + ht_rescale_any(sum, p->sum, p->sum_shift), p->min, p->max);
                    a += b->first[3];
                    c += b->second[3];
                }
            }
        }
    }
}
