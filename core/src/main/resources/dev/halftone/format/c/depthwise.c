/* DEPTHWISE_CONV_2D, row by row. */
static void ht_depthwise(const ht_layer *p, const int8_t *input, int8_t *output)
{
    const int32_t multiplier = p->out_c / p->in_c;
    const int32_t pitch = p->in_w * p->in_c;
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
            w = p->weights + (ky0 * p->k_w + kx0) * p->out_c;
            c = 0;
#ifdef HT_DSP
            if (multiplier == 1) {
                const ht_word minus = ((ht_word)(uint16_t)(int16_t)-p->in_zero) * 0x10001u;
                const int32_t step = p->dilation_x * p->in_c;
                for (; c + 4 <= p->out_c; c += 4) {
                    int32_t s0 = p->bias[c];
                    int32_t s1 = p->bias[c + 1];
                    int32_t s2 = p->bias[c + 2];
                    int32_t s3 = p->bias[c + 3];
                    const int8_t *xr = x + c;
                    const int8_t *wr = w + c;
                    for (ky = ky0; ky < ky1; ky++) {
                        const int8_t *a = xr;
                        const int8_t *v = wr;
                        for (kx = kx0; kx < kx1; kx++) {
                            ht_word word = ht_load(a);
                            ht_word even = ht_even_plus(minus, word);
                            ht_word odd = ht_odd_plus(minus, word);
                            ht_word weight = ht_load(v);
                            ht_word w_even = ht_even(weight);
                            ht_word w_odd = ht_odd(weight);
                            s0 = __smlabb((int32_t)even, (int32_t)w_even, s0);
                            s1 = __smlabb((int32_t)odd, (int32_t)w_odd, s1);
                            s2 = __smlatt((int32_t)even, (int32_t)w_even, s2);
                            s3 = __smlatt((int32_t)odd, (int32_t)w_odd, s3);
                            a += step;
                            v += p->out_c;
                        }
                        xr += p->dilation_y * pitch;
                        wr += p->k_w * p->out_c;
                    }
                    output[c] = ht_finish(p, s0, c);
                    output[c + 1] = ht_finish(p, s1, c + 1);
                    output[c + 2] = ht_finish(p, s2, c + 2);
                    output[c + 3] = ht_finish(p, s3, c + 3);
                }
            }
#endif
            for (; c < p->out_c; c++) {
                int32_t sum = p->bias[c];
                const int8_t *xr = x + c / multiplier;
                const int8_t *wr = w + c;
                for (ky = ky0; ky < ky1; ky++) {
                    for (kx = 0; kx < kx1 - kx0; kx++) {
                        sum += (xr[kx * p->dilation_x * p->in_c] - p->in_zero) * wr[kx * p->out_c];
                    }
                    xr += p->dilation_y * pitch;
                    wr += p->k_w * p->out_c;
                }
                output[c] = ht_finish(p, sum, c);
            }
            output += p->out_c;
        }
    }
}
