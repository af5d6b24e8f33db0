/* order: 210; needs: common */
/* SOFTMAX: exponential and reciprocal in fixed point, as gemmlowp's. Qm.n is an int32 with n bits below the point. */

static inline int32_t ht_saturate(int64_t value)
{
    return (int32_t)(value > INT32_MAX ? INT32_MAX : value < INT32_MIN ? INT32_MIN : value);
}

/* e^a in Q0.31; a in Q5.26, not positive */
static int32_t ht_exp(int32_t a)
{
    static const int32_t powers[7] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
    const int32_t middle = 1895147668; /* exp(-1/8) */
    const int32_t quarter = 1 << 24;
    const int32_t rest = (a & (quarter - 1)) - quarter;
    const int32_t remainder = rest - a;
    const int32_t x = rest * 32 + (1 << 28);
    const int32_t x2 = ht_double_high(x, x);
    const int32_t x3 = ht_double_high(x2, x);
    const int32_t x4 = ht_double_high(x2, x2);
    const int32_t cubic = ht_double_high(ht_round_shift(x4, 2) + x3, 715827883); /* a third */
    int32_t result = middle + ht_double_high(middle, x + ht_round_shift(cubic + x2, 1));
    int32_t i;
    for (i = 0; i < 7; i++) {
        if ((remainder >> (24 + i)) & 1) {
            result = ht_double_high(result, powers[i]);
        }
    }
    return a == 0 ? INT32_MAX : result;
}

/* 1 / (1 + a) by Newton-Raphson; both in Q0.31, a in [0, 1) */
static int32_t ht_reciprocal(int32_t a)
{
    const int32_t half = (int32_t)(((int64_t)a + INT32_MAX + 1) / 2);
    int32_t x = 1515870810 + ht_double_high(half, -1010580540); /* 48/17 - 32/17 half, Q2.29 */
    int32_t i;
    for (i = 0; i < 3; i++) {
        int32_t rest = (1 << 29) - ht_double_high(half, x);
        x += ht_saturate((int64_t)ht_double_high(x, rest) * 4);
    }
    return ht_saturate((int64_t)x * 2);
}

HT_KERNEL void ht_softmax(const int8_t *x, int8_t *y, int32_t rows, int32_t columns, int32_t multiplier, int32_t shift, int32_t least)
{
    for (; rows > 0; rows--, x += columns, y += columns) {
        int32_t max = -128;
        int32_t sum = 0; /* Q12.19 */
        int32_t headroom = 0;
        int32_t reciprocal, i;
        for (i = 0; i < columns; i++) {
            max = x[i] > max ? x[i] : max;
        }
        for (i = 0; i < columns; i++) {
            if (x[i] - max >= least) {
                sum += ht_round_shift(ht_exp(ht_double_high((x[i] - max) * (1 << shift), multiplier)), 12);
            }
        }
        while ((((uint32_t)sum << headroom) & 0x80000000u) == 0) {
            headroom++;
        }
        reciprocal = ht_reciprocal((int32_t)(((uint32_t)sum << headroom) - 0x80000000u));
        for (i = 0; i < columns; i++) {
            int32_t share = 0;
            if (x[i] - max >= least) {
                int32_t product = ht_double_high(reciprocal, ht_exp(ht_double_high((x[i] - max) * (1 << shift), multiplier)));
                share = ht_round_shift(product, 35 - headroom);
            }
            y[i] = (int8_t)ht_clamp(share - 128, -128, 127);
        }
    }
}
