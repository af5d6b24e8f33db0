/* order: 70; needs: common helium window layer */
#ifdef HT_HELIUM
/* rows of so many bytes, and from one to the next in an input and in the weights */
typedef struct {
    int32_t rows, length, x_row, w_row;
} ht_part;

static inline int32x4_t ht_helium_twice(int32_t a, int32_t b)
{
    return ht_helium_four(a, b, a, b);
}

/* The sums of x * w: channels u and v of pixel a, then of pixel b. */
static inline int32x4_t ht_helium_pair(ht_part part, const int8_t *a, const int8_t *b, const int8_t *u, const int8_t *v)
{
    const int32_t passed = (part.length + 15) & ~15;
    const int32_t x_gap = part.x_row - passed;
    const int32_t w_gap = part.w_row - passed;
    int32_t s0 = 0;
    int32_t s1 = 0;
    int32_t s2 = 0;
    int32_t s3 = 0;
    for (; part.rows > 0; part.rows--, a += x_gap, b += x_gap, u += w_gap, v += w_gap) {
        __asm__ volatile("wlstp.8 lr, %8, 2f\n"
                         "1: vldrb.8 q0, [%4], #16\n"
                         "vldrb.8 q1, [%5], #16\n"
                         "vldrb.8 q2, [%6], #16\n"
                         "vmladava.s8 %0, q0, q2\n"
                         "vmladava.s8 %2, q1, q2\n"
                         "vldrb.8 q2, [%7], #16\n"
                         "vmladava.s8 %1, q0, q2\n"
                         "vmladava.s8 %3, q1, q2\n"
                         "letp lr, 1b\n"
                         "2:"
                         : "+Te"(s0), "+Te"(s1), "+Te"(s2), "+Te"(s3), "+r"(a), "+r"(b), "+r"(u), "+r"(v)
                         : "r"(part.length)
                         : "q0", "q1", "q2", "lr", "memory");
    }
    return ht_helium_four(s0, s1, s2, s3);
}

/* The sums of x * w, channels u and v of pixel a, then the sums of both channels' weights. */
static inline int32x4_t ht_helium_lone(ht_part part, const int8_t *a, const int8_t *u, const int8_t *v)
{
    const int32_t passed = (part.length + 15) & ~15;
    const int32_t w_gap = part.w_row - passed;
    int32_t s0 = 0;
    int32_t s1 = 0;
    int32_t s2 = 0;
    int32_t s3 = 0;
    for (; part.rows > 0; part.rows--, a += part.x_row - passed, u += w_gap, v += w_gap) {
        __asm__ volatile("wlstp.8 lr, %7, 2f\n"
                         "1: vldrb.8 q0, [%4], #16\n"
                         "vldrb.8 q1, [%5], #16\n"
                         "vldrb.8 q2, [%6], #16\n"
                         "vmladava.s8 %0, q0, q1\n"
                         "vaddva.s8 %2, q1\n"
                         "vmladava.s8 %1, q0, q2\n"
                         "vaddva.s8 %3, q2\n"
                         "letp lr, 1b\n"
                         "2:"
                         : "+Te"(s0), "+Te"(s1), "+Te"(s2), "+Te"(s3), "+r"(a), "+r"(u), "+r"(v)
                         : "r"(part.length)
                         : "q0", "q1", "q2", "lr", "memory");
    }
    return ht_helium_four(s0, s1, s2, s3);
}

/* One row of the output of a convolution without groups, whose taps of a kernel row lie side by side: two channels after the other, and of
   these two pixels at a time. The sums are of x * w; what the zero point of x adds to them is taken from the biases, once a pixel alone has
   told the sums of the weights. */
HT_KERNEL void ht_helium_row(const ht_layer *p, const int8_t *input, int8_t *output, int32_t oy, const int8_t *weights,
                             const int32_t *channels, const ht_shift *shifts, int32_t count)
{
    const int32_t in_c = p->in_c;
    const int32_t out_c = p->out_c;
    const int32_t out_w = p->out_w;
    const int32_t k_w = p->k_w;
    const int32_t stride = p->stride_x;
    const int32_t zero = p->in_zero;
    const int32_t w_row = k_w * in_c;
    const int32_t each = p->k_h * w_row;
    const int32_t iy = oy * p->stride_y - p->top;
    const int32_t last = p->in_w - k_w; /* the last column of the input at which the kernel lies inside */
    const uint32x4_t places = vreinterpretq_u32_s32(ht_helium_four(0, 1, out_c, out_c + 1));
    int32_t c, ky0, ky1;
    ht_part all;
    ht_taps(iy, p->k_h, p->dilation_y, p->in_h, &ky0, &ky1);
    all.rows = ky1 - ky0;
    all.length = w_row;
    all.x_row = p->in_w * in_c * p->dilation_y;
    all.w_row = w_row;
    input += (iy + ky0 * p->dilation_y) * p->in_w * in_c;
    weights += ky0 * w_row;
    for (c = 0; c < count; c += 2, weights += 2 * each) {
        const int32_t more = c + 1 < count;
        const int32_t *n = channels + c;
        const int8_t *u = weights;
        const int8_t *v = weights + (more ? each : 0);
        const int32x4_t biases = ht_helium_twice(n[0], n[more]);
        const int32x4_t multipliers = ht_helium_twice(n[out_c], n[out_c + more]);
        const int32x4_t exponents = ht_helium_twice(shifts[c], shifts[c + more]);
        int32x4_t starts = biases;
        int32_t known = 0;
        int32_t ix = -p->left;
        int32_t ox, two;
        for (ox = 0; ox < out_w; ox += 1 + two, ix += (1 + two) * stride) {
            const int8_t *a = input + ix * in_c;
            int32x4_t sums;
            mve_pred16_t lanes = more ? 0x00FF : 0x000F; /* both channels, four bits each */
            two = known && ox + 1 < out_w && ix + stride <= last;
            if (two) {
                sums = vaddq_s32(starts, ht_helium_pair(all, a, a + stride * in_c, u, v));
                lanes = (mve_pred16_t)(lanes * 0x101);
            } else {
                const int32_t inside = ix >= 0 && ix <= last;
                ht_part part = all;
                int32_t from = 0;
                if (!inside) {
                    int32_t kx0, kx1;
                    ht_taps(ix, k_w, 1, p->in_w, &kx0, &kx1);
                    from = kx0 * in_c;
                    part.length = (kx1 - kx0) * in_c;
                }
                sums = ht_helium_lone(part, a + from, u + from, v + from);
                starts = vmlaq_n_s32(biases, ht_helium_twice(vgetq_lane_s32(sums, 2), vgetq_lane_s32(sums, 3)), -zero);
                sums = vaddq_s32(starts, sums);
                known = inside;
            }
            sums = vaddq_n_s32(ht_helium_rescale(sums, multipliers, exponents), p->out_zero);
            sums = ht_helium_clamp(sums, p->min, p->max);
            vstrbq_scatter_offset_p_s32(output + ox * out_c + c, places, sums, lanes);
        }
    }
}
#endif
