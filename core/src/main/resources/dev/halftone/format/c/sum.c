/* order: 150 */
typedef struct {
    int32_t left, left_shift, right, right_shift, sum, sum_shift;
    int16_t first_zero, second_zero, out_zero, min, max, sign;
} ht_add_numbers;

#ifdef HT_HELIUM
/* a row of both on int8, element by element */
static inline void ht_helium_add(const ht_add_numbers *p, const int8_t *a, const int8_t *c, int8_t *y, int32_t n)
{
    for (; n > 0; n -= 4, a += 4, c += 4, y += 4) {
        const mve_pred16_t some = vctp32q((uint32_t)n);
        int32x4_t left = vmulq_n_s32(vsubq_n_s32(vldrbq_z_s32(a, some), p->first_zero), 1 << 20);
        int32x4_t right = vmulq_n_s32(vsubq_n_s32(vldrbq_z_s32(c, some), p->second_zero), 1 << 20);
        int32x4_t sum;
        left = ht_helium_rescale(left, vdupq_n_s32(p->left), vdupq_n_s32(p->left_shift));
        right = ht_helium_rescale(right, vdupq_n_s32(p->right), vdupq_n_s32(p->right_shift));
        sum = vaddq_s32(left, vmulq_n_s32(right, p->sign));
        sum = ht_helium_rescale(sum, vdupq_n_s32(p->sum), vdupq_n_s32(p->sum_shift));
        vstrbq_p_s32(y, ht_helium_clamp(vaddq_n_s32(sum, p->out_zero), p->min, p->max), some);
    }
}
#endif
