/* the sum of (x * w) over a run of n */
static inline int64_t ht_run16(const int16_t *x, const int8_t *w, int32_t n)
{
    int64_t sum = 0;
    while (n > 0) {
        const int32_t some = n < 256 ? n : 256; /* their sum fits in 32 bits */
        const int8_t *end = w + some;
        int32_t part = 0;
#ifdef HT_DSP
        for (; end - w >= 4; x += 4, w += 4) {
            ht_word a = ht_load((const int8_t *)x);
            ht_word b = ht_load((const int8_t *)(x + 2));
            ht_word weights = ht_load(w);
            part = ht_dual((a & 0xFFFFu) | (b << 16), ht_even(weights), part);
            part = ht_dual((a >> 16) | (b & 0xFFFF0000u), ht_odd(weights), part);
        }
#endif
        while (w < end) {
            part += *x++ * *w++;
        }
        sum += part;
        n -= some;
    }
    return sum;
}

/* x * multiplier * 2^(shift - 31) with 16 bits of the multiplier, to nearest, ties up */
static inline int32_t ht_rescale_long(int64_t x, int32_t multiplier, int32_t shift)
{
    const int32_t reduced = multiplier < 0x7FFF0000 ? (multiplier + (1 << 15)) >> 16 : 0x7FFF;
    const int32_t right = 15 - shift;
    return (int32_t)((x * reduced + ((int64_t)1 << (right - 1))) >> right);
}

/* CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED on int16, sums in 64 bits, rounded once. Row by row: before output row y no input row
   below the first it needs is read again. */
HT_KERNEL void ht_conv16(const ht_layer *p, const int16_t *input, int16_t *output)
{
    const int32_t depth = p->in_c / p->groups;
    const int32_t joined = p->groups == 1 && p->dilation_x == 1; /* taps of a kernel row lie side by side */
    int32_t oy, ox, o, ky, kx;
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
            for (o = 0; o < p->out_c; o++) {
                const int16_t *x = input + o / (p->out_c / p->groups) * depth;
                const int8_t *w = p->weights + o * p->k_h * p->k_w * depth;
                int64_t sum = p->channels[o];
                for (ky = ky0; ky < ky1; ky++) {
                    for (kx = kx0; kx < runs; kx++) {
                        sum += ht_run16(x + ((iy + ky * p->dilation_y) * p->in_w + ix + kx * p->dilation_x) * p->in_c,
                                        w + (ky * p->k_w + kx) * depth, length);
                    }
                }
                *output++ = ht_clamp(ht_rescale_long(sum, p->channels[p->out_c + o], p->shifts[o]), p->min, p->max);
            }
        }
    }
}
