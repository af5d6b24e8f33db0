/* order: 110; needs: helium layer */
#ifdef HT_HELIUM
/* The part of a kernel that lies inside. */
typedef struct {
    const int8_t *weights;
    int32_t x_tap, x_row, rows, taps;
} ht_window;

/* Eight shifts, the even ones and the odd ones. */
static inline int32x4x2_t ht_helium_shifts(const ht_shift *shifts)
{
#ifdef HALFTONE_CMSIS_NN
    return vld2q_s32(shifts);
#else
    const int16x8_t all = vldrbq_s16(shifts);
    int32x4x2_t pairs;
    pairs.val[0] = vmovlbq_s16(all);
    pairs.val[1] = vmovltq_s16(all);
    return pairs;
#endif
}

/* Channels c to c + 7 of a pixel; the even ones of them and the odd ones in a vector each. */
static inline void ht_helium_eight(const ht_layer *p, const int8_t *x, int8_t *y, const ht_window *part, int32_t c)
{
    const int32_t out_c = p->out_c;
    const int32_t x_tap = part->x_tap;
    const int32_t x_gap = part->x_row - part->taps * x_tap;
    const int32_t w_gap = (p->k_w - part->taps) * out_c;
    const int16x8_t zero = vdupq_n_s16(p->in_zero);
    const int32x4x2_t biases = vld2q_s32(p->channels + c);
    const int32x4x2_t multipliers = vld2q_s32(p->channels + out_c + c);
    const int32x4x2_t shifts = ht_helium_shifts(p->shifts + c);
    const int8_t *a = x;
    const int8_t *v = part->weights + c;
    int32x4_t even = biases.val[0];
    int32x4_t odd = biases.val[1];
    int32_t rows, taps;
    for (rows = part->rows; rows > 0; rows--, a += x_gap, v += w_gap) {
        for (taps = part->taps; taps > 0; taps--, a += x_tap, v += out_c) {
            const int16x8_t d = vsubq_s16(vldrbq_s16(a), zero);
            const int16x8_t k = vldrbq_s16(v);
            even = vaddq_s32(even, vmullbq_int_s16(d, k));
            odd = vaddq_s32(odd, vmulltq_int_s16(d, k));
        }
    }
    even = ht_helium_rescale(even, multipliers.val[0], shifts.val[0]);
    odd = ht_helium_rescale(odd, multipliers.val[1], shifts.val[1]);
    even = ht_helium_clamp(vaddq_n_s32(even, p->out_zero), p->min, p->max);
    odd = ht_helium_clamp(vaddq_n_s32(odd, p->out_zero), p->min, p->max);
    vstrbq_s16(y, vmovntq_s32(vmovnbq_s32(vdupq_n_s16(0), even), odd));
}
#endif
