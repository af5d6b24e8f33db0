/* order: 280; needs: common; types: int8 int16 */
/* ARG_MAX of [outer][extent][inner] along the middle: the first of equal ones */
HT_KERNEL void ht_arg_max(const ht_int *x, int32_t *y, int32_t outer, int32_t extent, int32_t inner)
{
    int32_t i, k, best;
    for (; outer > 0; outer--, x += extent * inner) {
        for (i = 0; i < inner; i++) {
            best = 0;
            for (k = 1; k < extent; k++) {
                best = x[k * inner + i] > x[best * inner + i] ? k : best;
            }
            *y++ = best;
        }
    }
}
