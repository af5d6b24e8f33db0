typedef struct {
    int32_t left, left_shift, right, right_shift, sum, sum_shift;
    int16_t first_zero, second_zero, out_zero, min, max, sign;
} ht_add_numbers;

#ifdef HT_WIDE
#define HT_SUM_SHIFT 15
#else
#define HT_SUM_SHIFT 20
#endif

#if defined(HT_HELIUM) && !defined(HT_WIDE)
/* a row of both, element by element */
static inline void ht_helium_add(const ht_add_numbers *p, const int8_t *a, const int8_t *c, int8_t *y, int32_t n)
{
    for (; n > 0; n -= 4, a += 4, c += 4, y += 4) {
        const mve_pred16_t some = vctp32q((uint32_t)n);
        int32x4_t left = vmulq_n_s32(vsubq_n_s32(vldrbq_z_s32(a, some), p->first_zero), 1 << HT_SUM_SHIFT);
        int32x4_t right = vmulq_n_s32(vsubq_n_s32(vldrbq_z_s32(c, some), p->second_zero), 1 << HT_SUM_SHIFT);
        int32x4_t sum;
        left = ht_helium_rescale(left, vdupq_n_s32(p->left), vdupq_n_s32(p->left_shift));
        right = ht_helium_rescale(right, vdupq_n_s32(p->right), vdupq_n_s32(p->right_shift));
        sum = vaddq_s32(left, vmulq_n_s32(right, p->sign));
        sum = ht_helium_rescale(sum, vdupq_n_s32(p->sum), vdupq_n_s32(p->sum_shift));
        vstrbq_p_s32(y, ht_helium_clamp(vaddq_n_s32(sum, p->out_zero), p->min, p->max), some);
    }
}
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
#if defined(HT_HELIUM) && !defined(HT_WIDE)
                if (b->first[3] == 1 && b->second[3] == 1) {
                    ht_helium_add(p, a, c, y, b->extent[3]);
                    y += b->extent[3];
                    continue;
                }
#endif
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
