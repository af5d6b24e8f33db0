/* order: 120; needs: window finish depthwise_helium */
#if defined(HT_DSP) && !defined(HT_HELIUM)
/* one tap of four channels */
#define HT_TAP                                                  \
    {                                                           \
        ht_word word = ht_load(a);                              \
        ht_word even = ht_even_plus(minus, word);               \
        ht_word odd = ht_odd_plus(minus, word);                 \
        ht_word weight = ht_load(v);                            \
        ht_word w_even = ht_even(weight);                       \
        ht_word w_odd = ht_odd(weight);                         \
        s0 = __smlabb((int32_t)even, (int32_t)w_even, s0);      \
        s1 = __smlabb((int32_t)odd, (int32_t)w_odd, s1);        \
        s2 = __smlatt((int32_t)even, (int32_t)w_even, s2);      \
        s3 = __smlatt((int32_t)odd, (int32_t)w_odd, s3);        \
        a += step;                                              \
        v += out_c;                                             \
    }
#endif

/* DEPTHWISE_CONV_2D, row by row. */
HT_KERNEL void ht_depthwise(const ht_layer *p, const int8_t *input, int8_t *output)
{
    const int32_t out_c = p->out_c;
    const int32_t multiplier = out_c / p->in_c;
    const int32_t pitch = p->in_w * p->in_c;
    const int32_t zero = p->in_zero;
    const int32_t out_zero = p->out_zero;
    const int32_t min = p->min;
    const int32_t max = p->max;
    int32_t oy, ox, ky, kx, c;
    for (oy = 0; oy < p->out_h; oy++) {
        const int32_t iy = oy * p->stride_y - p->top;
        int32_t ky0, ky1;
        ht_taps(iy, p->k_h, p->dilation_y, p->in_h, &ky0, &ky1);
        for (ox = 0; ox < p->out_w; ox++) {
            const int32_t ix = ox * p->stride_x - p->left;
            int32_t kx0, kx1;
            const int8_t *x;
            const int8_t *w;
            ht_taps(ix, p->k_w, p->dilation_x, p->in_w, &kx0, &kx1);
            x = input + (iy + ky0 * p->dilation_y) * pitch + (ix + kx0 * p->dilation_x) * p->in_c;
            w = p->weights + (ky0 * p->k_w + kx0) * out_c;
            c = 0;
#if defined(HT_HELIUM)
            if (multiplier == 1) {
                const ht_window part = {w, p->dilation_x * p->in_c, p->dilation_y * pitch, ky1 - ky0, kx1 - kx0};
                for (; c + 8 <= out_c; c += 8) {
                    ht_helium_eight(p, x + c, output + c, &part, c);
                }
            }
#elif defined(HT_DSP)
            if (multiplier == 1) {
                const ht_word minus = ((ht_word)(uint16_t)(int16_t)-zero) * 0x10001u;
                const int32_t step = p->dilation_x * p->in_c;
                const int32_t x_row = p->dilation_y * pitch;
                const int32_t w_row = p->k_w * out_c;
                const int32_t *n = p->channels;
                for (; c + 4 <= out_c; c += 4, n += 4) {
                    int32_t s0 = n[0];
                    int32_t s1 = n[1];
                    int32_t s2 = n[2];
                    int32_t s3 = n[3];
                    const int8_t *xr = x + c;
                    const int8_t *wr = w + c;
                    for (ky = ky0; ky < ky1; ky++) {
                        const int8_t *a = xr;
                        const int8_t *v = wr;
                        kx = kx1 - kx0;
                        if (kx >= 3) { /* most kernels are of three columns */
                            HT_TAP
                            HT_TAP
                            HT_TAP
                            kx -= 3;
                        }
                        for (; kx > 0; kx--) {
                            HT_TAP
                        }
                        xr += x_row;
                        wr += w_row;
                    }
                    output[c] = ht_finish(s0, n, p->shifts + c, out_c, out_zero, min, max);
                    output[c + 1] = ht_finish(s1, n + 1, p->shifts + c + 1, out_c, out_zero, min, max);
                    output[c + 2] = ht_finish(s2, n + 2, p->shifts + c + 2, out_c, out_zero, min, max);
                    output[c + 3] = ht_finish(s3, n + 3, p->shifts + c + 3, out_c, out_zero, min, max);
                }
            }
#endif
            for (; c < out_c; c++) {
                int32_t sum = p->channels[c];
                const int8_t *xr = x + c / multiplier;
                const int8_t *wr = w + c;
                for (ky = ky0; ky < ky1; ky++) {
                    for (kx = 0; kx < kx1 - kx0; kx++) {
                        sum += (xr[kx * p->dilation_x * p->in_c] - zero) * wr[kx * out_c];
                    }
                    xr += p->dilation_y * pitch;
                    wr += p->k_w * out_c;
                }
                output[c] = ht_finish(sum, p->channels + c, p->shifts + c, out_c, out_zero, min, max);
            }
            output += out_c;
        }
    }
}
