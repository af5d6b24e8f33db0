/* order: 30 */
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
