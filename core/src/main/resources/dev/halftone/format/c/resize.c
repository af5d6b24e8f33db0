/* order: 310; needs: common; types: int8 int16 */
/* RESIZE_NEAREST_NEIGHBOR */
HT_KERNEL void ht_resize(const ht_int *x, ht_int *y, const int16_t *rows, int32_t height, const int16_t *columns, int32_t width, int32_t in_w,
                      int32_t channels)
{
    int32_t oy, ox;
    for (oy = 0; oy < height; oy++) {
        for (ox = 0; ox < width; ox++) {
            memcpy(y, x + (rows[oy] * in_w + columns[ox]) * channels, (size_t)channels * sizeof *x);
            y += channels;
        }
    }
}
