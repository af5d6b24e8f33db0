/* order: 100; needs: common helium window layer */
/* sums += x * w over a run of n, for two outputs */
static inline void ht_run16(const int16_t *x, const int8_t *w0, const int8_t *w1, int32_t n, int64_t *sums)
{
#ifdef HT_HELIUM
    for (; n > 0; n -= 8, x += 8, w0 += 8, w1 += 8) {
        const mve_pred16_t some = vctp16q((uint32_t)n);
        const int16x8_t a = vldrhq_z_s16(x, some);
        sums[0] = vmlaldavaq_s16(sums[0], a, vldrbq_z_s16(w0, some));
        sums[1] = vmlaldavaq_s16(sums[1], a, vldrbq_z_s16(w1, some));
    }
#else
    while (n > 0) {
        const int32_t some = n < 256 ? n : 256; /* their sum fits in 32 bits */
        const int8_t *end = w0 + some;
        int32_t s0 = 0;
        int32_t s1 = 0;
#ifdef HT_DSP
        for (; end - w0 >= 4; x += 4, w0 += 4, w1 += 4) {
            ht_word a = ht_load((const int8_t *)x);
            ht_word b = ht_load((const int8_t *)(x + 2));
            ht_word u = ht_load(w0);
            ht_word v = ht_load(w1);
            ht_word even = (a & 0xFFFFu) | (b << 16);
            ht_word odd = (a >> 16) | (b & 0xFFFF0000u);
            s0 = ht_dual(even, ht_even(u), s0);
            s0 = ht_dual(odd, ht_odd(u), s0);
            s1 = ht_dual(even, ht_even(v), s1);
            s1 = ht_dual(odd, ht_odd(v), s1);
        }
#endif
        while (w0 < end) {
            int32_t a = *x++;
            s0 += a * *w0++;
            s1 += a * *w1++;
        }
        sums[0] += s0;
        sums[1] += s1;
        n -= some;
    }
#endif
}

/* The sum of an output as int16: 16 bits of its multiplier, to nearest, ties up. */
static inline int16_t ht_finish16(const ht_layer *p, int64_t sum, int32_t o)
{
    const int32_t multiplier = p->channels[p->out_c + o];
    const int32_t reduced = multiplier < 0x7FFF0000 ? (multiplier + (1 << 15)) >> 16 : 0x7FFF;
    const int32_t right = 15 - p->shifts[o];
    return (int16_t)ht_clamp((int32_t)((sum * reduced + ((int64_t)1 << (right - 1))) >> right), p->min, p->max);
}

/* CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED on int16, sums in 64 bits, rounded once. Row by row: before output row y no input row
   below the first it needs is read again. */
HT_KERNEL void ht_conv16(const ht_layer *p, const int16_t *input, int16_t *output)
{
    const int32_t depth = p->in_c / p->groups;
    const int32_t per_group = p->out_c / p->groups;
    const int32_t each = p->k_h * p->k_w * depth;
    const int32_t joined = p->groups == 1 && p->dilation_x == 1; /* taps of a kernel row lie side by side */
    int32_t oy, ox, o, more, ky, kx;
    for (oy = 0; oy < p->out_h; oy++) {
        const int32_t iy = oy * p->stride_y - p->top;
        int32_t ky0, ky1;
        ht_taps(iy, p->k_h, p->dilation_y, p->in_h, &ky0, &ky1);
        for (ox = 0; ox < p->out_w; ox++) {
            const int32_t ix = ox * p->stride_x - p->left;
            int32_t kx0, kx1, runs, length;
            ht_taps(ix, p->k_w, p->dilation_x, p->in_w, &kx0, &kx1);
            runs = joined ? kx0 + (kx1 > kx0) : kx1;
            length = joined ? (kx1 - kx0) * depth : depth;
            for (o = 0; o < p->out_c; o += 1 + more) {
                const int32_t group = o / per_group;
                const int16_t *x = input + group * depth;
                const int8_t *w = p->weights + o * each;
                int64_t sums[2];
                more = o + 1 < (group + 1) * per_group; /* the next output reads the same */
                sums[0] = p->channels[o];
                sums[1] = p->channels[o + more];
                for (ky = ky0; ky < ky1; ky++) {
                    for (kx = kx0; kx < runs; kx++) {
                        const int8_t *u = w + (ky * p->k_w + kx) * depth;
                        ht_run16(x + ((iy + ky * p->dilation_y) * p->in_w + ix + kx * p->dilation_x) * p->in_c, u,
                                 u + (more ? each : 0), length, sums);
                    }
                }
                *output++ = ht_finish16(p, sums[0], o);
                if (more) {
                    *output++ = ht_finish16(p, sums[1], o + 1);
                }
            }
        }
    }
}
