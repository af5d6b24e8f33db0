#include <stdint.h>
#include <stddef.h>
#include <string.h>
#include "board.h"
/* Arithmetic: TFLite's 8-bit quantization specification. Rounding: MultiplyByQuantizedMultiplier, rounding twice. */

#ifdef HT_WIDE
typedef int16_t ht_int; /* an activation */
#define HT_MIN INT16_MIN
#define HT_MAX INT16_MAX
#else
typedef int8_t ht_int;
#define HT_MIN INT8_MIN
#define HT_MAX INT8_MAX
#endif

#if defined(__GNUC__) && !defined(__clang__)
#define HT_KERNEL __attribute__((noinline, noclone, unused)) static /* one copy for all layers */
#else
#define HT_KERNEL static
#endif

/* a * b / 2^31 to nearest, ties up */
static inline int32_t ht_double_high(int32_t a, int32_t b)
{
    return (int32_t)(((int64_t)a * b + ((int64_t)1 << 30)) >> 31);
}

/* x / 2^exponent to nearest, ties away from zero; exponent 0 to 31 */
static inline int32_t ht_round_shift(int32_t x, int32_t exponent)
{
    int32_t mask = (int32_t)(((int64_t)1 << exponent) - 1);
    int32_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
    return (x >> exponent) + ((x & mask) > threshold ? 1 : 0);
}

static inline int32_t ht_rescale_any(int32_t x, int32_t multiplier, int32_t shift)
{
    int32_t left = shift > 0 ? shift : 0;
    int32_t shifted = (int32_t)((uint32_t)x << left);
#ifdef HT_SHIFTS
    (void)multiplier; /* 2^30 everywhere: a half */
    return ht_round_shift((shifted >> 1) + (shifted & 1), left - shift);
#else
    return ht_round_shift(ht_double_high(shifted, multiplier), left - shift);
#endif
}

static inline ht_int ht_clamp(int32_t value, int32_t min, int32_t max)
{
    value = value < min ? min : value;
    return (ht_int)(value > max ? max : value);
}
/* The part of a kernel that lies inside of the input: taps [from, to). */
static inline void ht_taps(int32_t at, int32_t kernel, int32_t dilation, int32_t extent, int32_t *from, int32_t *to)
{
    int32_t first = 0;
    int32_t last = kernel;
    while (first < kernel && at + first * dilation < 0) {
        first++;
    }
    while (last > first && at + (last - 1) * dilation >= extent) {
        last--;
    }
    *from = first;
    *to = last;
}
#if defined(__ARM_FEATURE_DSP) && defined(__GNUC__)
#include <arm_acle.h>

typedef uint32_t ht_word;

static inline ht_word ht_load(const int8_t *from)
{
    ht_word word;
    memcpy(&word, from, sizeof word);
    return word;
}

/* bytes 0 and 2, or 1 and 3, as two 16-bit numbers */
static inline ht_word ht_even(ht_word word)
{
    ht_word pair;
    __asm__("sxtb16 %0, %1" : "=r"(pair) : "r"(word));
    return pair;
}

static inline ht_word ht_odd(ht_word word)
{
    ht_word pair;
    __asm__("sxtb16 %0, %1, ror #8" : "=r"(pair) : "r"(word));
    return pair;
}

/* the same, plus a number for both */
static inline ht_word ht_even_plus(ht_word add, ht_word word)
{
    ht_word pair;
    __asm__("sxtab16 %0, %1, %2" : "=r"(pair) : "r"(add), "r"(word));
    return pair;
}

static inline ht_word ht_odd_plus(ht_word add, ht_word word)
{
    ht_word pair;
    __asm__("sxtab16 %0, %1, %2, ror #8" : "=r"(pair) : "r"(add), "r"(word));
    return pair;
}

static inline int32_t ht_dual(ht_word a, ht_word b, int32_t sum)
{
    return __smlad((int16x2_t)a, (int16x2_t)b, sum);
}
static inline int32_t ht_high(int32_t a, int32_t b)
{
    int32_t high;
    __asm__("smmulr %0, %1, %2" : "=r"(high) : "r"(a), "r"(b));
    return high;
}
#define HT_DSP 1
#else
/* the high half of a product, to nearest */
static inline int32_t ht_high(int32_t a, int32_t b)
{
    return (int32_t)(((int64_t)a * b + INT64_C(0x80000000)) >> 32);
}
#endif

#ifdef HALFTONE_CMSIS_NN
typedef int32_t ht_shift; /* as CMSIS-NN reads it */
#else
typedef int8_t ht_shift;
#endif

/* A weighted layer. Extents are in elements; weights [outC][height][width][inC / groups], depthwise [height][width][outC].
   Channels: [outC] biases, [outC] multipliers; a sum is multiplied with multiplier * 2^(shift - 31). */
typedef struct {
    const int8_t *weights;
    const int32_t *channels;
    const ht_shift *shifts;
    int32_t in_h, in_w, in_c, out_h, out_w, out_c;
    int16_t k_h, k_w, stride_y, stride_x, dilation_y, dilation_x, top, left;
    int16_t groups, in_zero, out_zero, min, max;
} ht_layer;
#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 1)
#include <arm_mve.h>
#define HT_HELIUM 1

/* x / 2^-shift to nearest, ties away from zero; shifts -31 to 0 */
static inline int32x4_t ht_helium_round_shift(int32x4_t x, int32x4_t shift)
{
    return vrshlq_s32(vqaddq_s32(x, vshrq_n_s32(vandq_s32(x, shift), 31)), shift);
}

/* Four sums as int8, rounded twice as gemmlowp does. */
static inline int32x4_t ht_helium_finish(const ht_layer *p, int32x4_t sums, int32x4_t multipliers, int32x4_t shifts)
{
    int32x4_t zero = vdupq_n_s32(0);
    int32x4_t high = vqrdmulhq_s32(vshlq_s32(sums, vmaxq_s32(shifts, zero)), multipliers);
    int32x4_t scaled = vaddq_n_s32(ht_helium_round_shift(high, vminq_s32(shifts, zero)), p->out_zero);
    return vminq_s32(vmaxq_s32(scaled, vdupq_n_s32(p->min)), vdupq_n_s32(p->max));
}
#endif
/* The sum of a channel of n as int8, rounded twice as gemmlowp does; here |sum| < 2^30 and -30 <= shift < 0. */
static inline int8_t ht_finish(int32_t sum, const int32_t *c, const ht_shift *shift, int32_t n, int32_t zero, int32_t min, int32_t max)
{
    int32_t high = ht_high(sum * 2, c[n]);
    int32_t scaled = (((high + (high >> 31)) >> (-1 - *shift)) + 1) >> 1;
    return ht_clamp(zero + scaled, min, max);
}
#ifdef HT_HELIUM
/* rows of so many bytes, and from one to the next in an input and in the weights */
typedef struct {
    int32_t rows, length, x_row, w_row;
} ht_part;

/* The sums of x * w: channels u and v of pixel a, then of pixel b. */
static inline int32x4_t ht_helium_pair(ht_part part, const int8_t *a, const int8_t *b, const int8_t *u, const int8_t *v)
{
    const int32_t passed = (part.length + 15) / 16 * 16;
    const int32_t x_gap = part.x_row - passed;
    const int32_t w_gap = part.w_row - passed;
    int32_t s[4] = {0, 0, 0, 0};
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
                         : "+Te"(s[0]), "+Te"(s[1]), "+Te"(s[2]), "+Te"(s[3]), "+r"(a), "+r"(b), "+r"(u), "+r"(v)
                         : "r"(part.length)
                         : "q0", "q1", "q2", "lr", "memory");
    }
    return vldrwq_s32(s);
}

/* The sums of x * w, channels u and v of pixel a, then the sums of both channels' weights. */
static inline int32x4_t ht_helium_lone(ht_part part, const int8_t *a, const int8_t *u, const int8_t *v)
{
    const int32_t passed = (part.length + 15) / 16 * 16;
    const int32_t w_gap = part.w_row - passed;
    int32_t s[4] = {0, 0, 0, 0};
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
                         : "+Te"(s[0]), "+Te"(s[1]), "+Te"(s[2]), "+Te"(s[3]), "+r"(a), "+r"(u), "+r"(v)
                         : "r"(part.length)
                         : "q0", "q1", "q2", "lr", "memory");
    }
    return vldrwq_s32(s);
}

/* a, b, a, b */
static inline int32x4_t ht_helium_twice(int32_t a, int32_t b)
{
    const int32_t four[4] = {a, b, a, b};
    return vldrwq_s32(four);
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
    const int32_t w_row = k_w * in_c;
    const int32_t each = p->k_h * w_row;
    const int32_t iy = oy * p->stride_y - p->top;
    const int32_t last = p->in_w - k_w; /* the last column of the input at which the kernel lies inside */
    const int32_t place[4] = {0, 1, out_c, out_c + 1};
    const uint32x4_t places = vreinterpretq_u32_s32(vldrwq_s32(place));
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
        for (ox = 0; ox < out_w; ox += 1 + two, ix += (1 + two) * p->stride_x) {
            const int8_t *a = input + ix * in_c;
            int32x4_t sums;
            mve_pred16_t lanes = more ? 0x00FF : 0x000F; /* both channels, four bits each */
            two = known && ox + 1 < out_w && ix + p->stride_x <= last;
            if (two) {
                sums = vaddq_s32(starts, ht_helium_pair(all, a, a + p->stride_x * in_c, u, v));
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
                starts = vmlaq_n_s32(biases, ht_helium_twice(vgetq_lane_s32(sums, 2), vgetq_lane_s32(sums, 3)), -p->in_zero);
                sums = vaddq_s32(starts, sums);
                known = inside;
            }
            sums = ht_helium_finish(p, sums, multipliers, exponents);
            vstrbq_scatter_offset_p_s32(output + ox * out_c + c, places, sums, lanes);
        }
    }
}
#endif
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
/* Weights of 4 bits, eight in four bytes: the first four in the lower halves, the others in the upper ones. */
static inline void ht_unpack(const int8_t *packed, int8_t *weights, int32_t count)
{
    for (; count > 0; count -= 8, packed += 4, weights += 8) {
        uint32_t word, low, high;
        memcpy(&word, packed, sizeof word);
        low = word & 0x0F0F0F0Fu;
        high = (word >> 4) & 0x0F0F0F0Fu;
        low |= (low & 0x08080808u) * 30u; /* the sign, upwards */
        high |= (high & 0x08080808u) * 30u;
        memcpy(weights, &low, sizeof low);
        memcpy(weights + 4, &high, sizeof high);
    }
}

/* ht_conv with weights of 4 bits, without groups: for each row of the output two channels are unpacked at a time. */
HT_KERNEL void ht_conv4(const ht_layer *p, const int8_t *input, int8_t *output, int8_t *scratch)
{
    const int32_t each = p->k_h * p->k_w * p->in_c;
    const int32_t room = (each + 7) / 8 * 8;
    int32_t oy, c;
    for (oy = 0; oy < p->out_h; oy++) {
        int8_t *row = output + oy * p->out_w * p->out_c;
        const int8_t *packed = p->weights;
        for (c = 0; c < p->out_c; c += 2) {
            const int32_t two = c + 1 < p->out_c;
            ht_unpack(packed, scratch, room);
            packed += room / 2;
            if (two) {
                ht_unpack(packed, scratch + each, room);
                packed += room / 2;
            }
            ht_conv_row(p, input, row + c, oy, scratch, p->channels + c, p->shifts + c, 1 + two);
        }
    }
}
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
    const int8_t *w = part->weights + c;
    int32x4x2_t sums = vld2q_s32(p->channels + c);
    const int32x4x2_t multipliers = vld2q_s32(p->channels + out_c + c);
    const int16x8_t zero = vdupq_n_s16(p->in_zero);
    int32_t rows, taps;
    for (rows = part->rows; rows > 0; rows--, x += part->x_row, w += p->k_w * out_c) {
        const int8_t *a = x;
        const int8_t *v = w;
        for (taps = part->taps; taps > 0; taps--, a += part->x_tap, v += out_c) {
            int16x8_t d = vsubq_s16(vldrbq_s16(a), zero);
            int16x8_t k = vldrbq_s16(v);
            sums.val[0] = vaddq_s32(sums.val[0], vmullbq_int_s16(d, k));
            sums.val[1] = vaddq_s32(sums.val[1], vmulltq_int_s16(d, k));
        }
    }
    {
        const int32x4x2_t shifts = ht_helium_shifts(p->shifts + c);
        int32x4_t even = ht_helium_finish(p, sums.val[0], multipliers.val[0], shifts.val[0]);
        int32x4_t odd = ht_helium_finish(p, sums.val[1], multipliers.val[1], shifts.val[1]);
        vstrbq_s16(y, vmovntq_s32(vmovnbq_s32(vdupq_n_s16(0), even), odd));
    }
}
#endif
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
    return ht_clamp((int32_t)((sum * reduced + ((int64_t)1 << (right - 1))) >> right), p->min, p->max);
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
#undef HT_HELIUM
#define ht_run1 p_run1
#define ht_run2 p_run2
#define ht_conv_row p_conv_row
#define ht_conv p_conv
#define ht_depthwise p_depthwise
#define ht_run16 p_run16
#define ht_finish16 p_finish16
#define ht_conv16 p_conv16
#undef HT_TAP
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
    return ht_clamp((int32_t)((sum * reduced + ((int64_t)1 << (right - 1))) >> right), p->min, p->max);
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
#undef ht_run1
#undef ht_run2
#undef ht_conv_row
#undef ht_conv
#undef ht_depthwise
#undef ht_run16
#undef ht_finish16
#undef ht_conv16
static uint32_t seed = 12345;
static uint32_t rnd(void) { seed = seed * 1664525u + 1013904223u; return seed >> 8; }
static int32_t range(int32_t a, int32_t b) { return a + (int32_t)(rnd() % (uint32_t)(b - a + 1)); }
static int8_t w[40000], x[60000], y0[60000], y1[60000];
static int16_t x16[30000], z0[30000], z1[30000];
static int32_t ch[512]; static int8_t sh[256];
int main(void)
{
    int32_t bad = 0, i, t, n0=0,n1=0;
    for (t = 0; t < 600; t++) {
        ht_layer p;
        int32_t dw = t % 3 == 2;
        p.k_h = (int16_t)range(1, 4); p.k_w = (int16_t)range(1, 4);
        p.in_c = range(1, 40); p.out_c = dw ? p.in_c : range(1, 24);
        p.stride_y = (int16_t)range(1, 2); p.stride_x = (int16_t)range(1, 2);
        p.dilation_y = (int16_t)range(1, 2); p.dilation_x = (int16_t)(t % 5 == 0 ? 2 : 1);
        p.in_h = range(4, 9); p.in_w = range(4, 9);
        p.top = (int16_t)range(0, p.k_h - 1); p.left = (int16_t)range(0, p.k_w - 1);
        p.out_h = (p.in_h + 2 * p.top - (p.k_h - 1) * p.dilation_y - 1) / p.stride_y + 1;
        p.out_w = (p.in_w + 2 * p.left - (p.k_w - 1) * p.dilation_x - 1) / p.stride_x + 1;
        if (p.out_h < 1 || p.out_w < 1 || p.in_h + 2 * p.top < (p.k_h - 1) * p.dilation_y + 1 || p.in_w + 2 * p.left < (p.k_w - 1) * p.dilation_x + 1) continue;
        p.groups = 1; p.in_zero = (int16_t)range(-128, 127); p.out_zero = (int16_t)range(-128, 127);
        p.min = -128; p.max = 127;
        for (i = 0; i < 40000; i++) w[i] = (int8_t)range(-127, 127);
        for (i = 0; i < p.in_h * p.in_w * p.in_c; i++) x[i] = (int8_t)range(-128, 127);
        for (i = 0; i < p.out_c; i++) { ch[i] = range(-20000, 20000); ch[p.out_c + i] = 0x40000000 + (int32_t)(rnd() << 6 & 0x3fffffff); sh[i] = (int8_t)range(SHLOW, SHHIGH); }
        p.weights = w; p.channels = ch; p.shifts = sh;
        memset(y0, 0x55, sizeof y0); memset(y1, 0x55, sizeof y1);
        board_instructions();
        if (dw) ht_depthwise(&p, x, y0); else ht_conv(&p, x, y0);
        n0 += (int32_t)(board_instructions()/1000);
        if (dw) p_depthwise(&p, x, y1); else p_conv(&p, x, y1);
        n1 += (int32_t)(board_instructions()/1000);
        if (memcmp(y0, y1, sizeof y0)) { bad++; board_print("bad "); board_number((uint32_t)t); board_print(dw ? " dw\n" : " conv\n"); }
        p.in_zero = p.out_zero = 0; p.min = -32768; p.max = 32767; 
        if (dw) { p.groups = (int16_t)p.in_c; }
        for (i = 0; i < p.in_h * p.in_w * p.in_c; i++) x16[i] = (int16_t)range(-32768, 32767);
        memset(z0, 0x55, sizeof z0); memset(z1, 0x55, sizeof z1);
        ht_conv16(&p, x16, z0); p_conv16(&p, x16, z1);
        if (memcmp(z0, z1, sizeof z0)) { bad++; board_print("bad16 "); board_number((uint32_t)t); board_print("\n"); }
    }
    board_print("done, bad "); board_number((uint32_t)bad);
    board_print(" ki "); board_number((uint32_t)n0); board_print(" vs "); board_number((uint32_t)n1); board_print("\n");
    return 0;
}
