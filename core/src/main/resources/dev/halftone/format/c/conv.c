/* order: 80; needs: window finish conv_helium */
/* sums += (x - zero) * w over a run of n; two outputs, and one or two pixels at a time */
static inline void ht_run1(const int8_t *x, const int8_t *w0, const int8_t *w1, int32_t n, int32_t zero, int32_t *sums)
{
    int32_t s0 = sums[0];
    int32_t s1 = sums[1];
#ifdef HT_DSP
    ht_word minus = ((ht_word)(uint16_t)(int16_t)-zero) * 0x10001u;
    for (; n >= 4; n -= 4, x += 4, w0 += 4, w1 += 4) {
        ht_word a = ht_load(x);
        ht_word even = ht_even_plus(minus, a);
        ht_word odd = ht_odd_plus(minus, a);
        ht_word u = ht_load(w0);
        ht_word v = ht_load(w1);
        s0 = ht_dual(even, ht_even(u), s0);
        s0 = ht_dual(odd, ht_odd(u), s0);
        s1 = ht_dual(even, ht_even(v), s1);
        s1 = ht_dual(odd, ht_odd(v), s1);
    }
#endif
    for (; n > 0; n--) {
        int32_t a = *x++ - zero;
        s0 += a * *w0++;
        s1 += a * *w1++;
    }
    sums[0] = s0;
    sums[1] = s1;
}

static inline void ht_run2(const int8_t *x, const int8_t *y, const int8_t *w0, const int8_t *w1, int32_t n, int32_t zero,
                           int32_t *sums)
{
    int32_t s0 = sums[0];
    int32_t s1 = sums[1];
    int32_t s2 = sums[2];
    int32_t s3 = sums[3];
#ifdef HT_DSP
    ht_word minus = ((ht_word)(uint16_t)(int16_t)-zero) * 0x10001u;
    for (; n >= 4; n -= 4, x += 4, y += 4, w0 += 4, w1 += 4) {
        ht_word a = ht_load(x);
        ht_word b = ht_load(y);
        ht_word a_even = ht_even_plus(minus, a);
        ht_word b_even = ht_even_plus(minus, b);
        ht_word a_odd = ht_odd_plus(minus, a);
        ht_word b_odd = ht_odd_plus(minus, b);
        ht_word w = ht_load(w0);
        ht_word even = ht_even(w);
        ht_word odd = ht_odd(w);
        s0 = ht_dual(a_even, even, s0);
        s2 = ht_dual(b_even, even, s2);
        s0 = ht_dual(a_odd, odd, s0);
        s2 = ht_dual(b_odd, odd, s2);
        w = ht_load(w1);
        even = ht_even(w);
        odd = ht_odd(w);
        s1 = ht_dual(a_even, even, s1);
        s3 = ht_dual(b_even, even, s3);
        s1 = ht_dual(a_odd, odd, s1);
        s3 = ht_dual(b_odd, odd, s3);
    }
#endif
    for (; n > 0; n--) {
        int32_t a = *x++ - zero;
        int32_t b = *y++ - zero;
        int32_t u = *w0++;
        int32_t v = *w1++;
        s0 += a * u;
        s1 += a * v;
        s2 += b * u;
        s3 += b * v;
    }
    sums[0] = s0;
    sums[1] = s1;
    sums[2] = s2;
    sums[3] = s3;
}

/* One row of the output of a convolution: of each group the first so many channels, whose weights and numbers these are. */
HT_KERNEL void ht_conv_row(const ht_layer *p, const int8_t *input, int8_t *output, int32_t oy, const int8_t *weights,
                           const int32_t *channels, const ht_shift *shifts, int32_t per_group)
{
    const int32_t depth = p->in_c / p->groups;
    const int32_t w_row = p->k_w * depth;
    const int32_t each = p->k_h * w_row;
    const int32_t joined = p->groups == 1 && p->dilation_x == 1; /* taps of a kernel row lie side by side */
    const int32_t x_row = p->in_w * p->in_c * p->dilation_y;
    const int32_t x_tap = p->dilation_x * p->in_c;
    const int32_t x_pixel = p->stride_x * p->in_c;
    const int32_t out_c = p->out_c;
    const int32_t zero = p->in_zero;
    const int32_t out_zero = p->out_zero;
    const int32_t min = p->min;
    const int32_t max = p->max;
    const int32_t iy = oy * p->stride_y - p->top;
    int32_t ky0, ky1, ox, group;
#ifdef HT_HELIUM
    if (joined) {
        ht_helium_row(p, input, output, oy, weights, channels, shifts, per_group);
        return;
    }
#endif
    ht_taps(iy, p->k_h, p->dilation_y, p->in_h, &ky0, &ky1);
    for (ox = 0; ox < p->out_w;) {
        const int32_t ix = ox * p->stride_x - p->left;
        const int32_t last = ix + p->stride_x + (p->k_w - 1) * p->dilation_x;
        const int32_t two = ix >= 0 && ox + 1 < p->out_w && last < p->in_w; /* this pixel and the next, both inside */
        const int8_t *from;
        const int8_t *w = weights;
        const int32_t *c = channels;
        const ht_shift *s = shifts;
        int32_t kx0, kx1, runs, length;
        ht_taps(ix, p->k_w, p->dilation_x, p->in_w, &kx0, &kx1);
        runs = joined ? 1 : kx1 - kx0;
        length = joined ? (kx1 - kx0) * depth : depth;
        from = input + (iy + ky0 * p->dilation_y) * p->in_w * p->in_c + (ix + kx0 * p->dilation_x) * p->in_c;
        w += ky0 * w_row + kx0 * depth;
        for (group = 0; group < p->groups; group++) {
            int32_t left = per_group;
            while (left > 0) {
                const int32_t more = left > 1;
                const int32_t next = more ? each : 0;
                const int8_t *x = from;
                const int8_t *v = w;
                int32_t rows = ky1 - ky0;
                int32_t sums[4];
                sums[0] = c[0];
                sums[1] = c[more];
                sums[2] = sums[0];
                sums[3] = sums[1];
                for (; rows > 0; rows--) {
                    if (two && joined) {
                        ht_run2(x, x + x_pixel, v, v + next, length, zero, sums);
                    } else {
                        int32_t tap;
                        for (tap = 0; tap < runs; tap++) {
                            const int8_t *a = x + tap * x_tap;
                            const int8_t *u = v + tap * depth;
                            ht_run1(a, u, u + next, length, zero, sums);
                            if (two) {
                                ht_run1(a + x_pixel, u, u + next, length, zero, sums + 2);
                            }
                        }
                    }
                    x += x_row;
                    v += w_row;
                }
                output[0] = ht_finish(sums[0], c, s, out_c, out_zero, min, max);
                if (two) {
                    output[out_c] = ht_finish(sums[2], c, s, out_c, out_zero, min, max);
                }
                if (more) {
                    output[1] = ht_finish(sums[1], c + 1, s + 1, out_c, out_zero, min, max);
                    if (two) {
                        output[out_c + 1] = ht_finish(sums[3], c + 1, s + 1, out_c, out_zero, min, max);
                    }
                }
                output += 1 + more;
                c += 1 + more;
                s += 1 + more;
                w += each + next;
                left -= 2;
            }
            from += depth;
        }
        output += (1 + two) * out_c - p->groups * per_group;
        ox += 1 + two;
    }
}

/* CONV_2D and FULLY_CONNECTED. Row by row: before output row y no input row below the first it needs is read again. */
HT_KERNEL void ht_conv(const ht_layer *p, const int8_t *input, int8_t *output)
{
    int32_t oy;
    for (oy = 0; oy < p->out_h; oy++) {
        ht_conv_row(p, input, output + oy * p->out_w * p->out_c, oy, p->weights, p->channels, p->shifts,
                    p->out_c / p->groups);
    }
}
