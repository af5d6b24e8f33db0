/* order: 250; needs: common window pool; types: int8 int16 */
/* MAX_POOL_2D, row by row */
HT_KERNEL void ht_max_pool(const ht_pool *p, const ht_int *x, ht_int *y)
{
    int32_t oy, ox, ky, kx, c;
    for (oy = 0; oy < p->out_h; oy++) {
        const int32_t iy = oy * p->stride_y - p->top;
        int32_t ky0, ky1;
        ht_taps(iy, p->k_h, p->dilation_y, p->in_h, &ky0, &ky1);
        for (ox = 0; ox < p->out_w; ox++) {
            const int32_t ix = ox * p->stride_x - p->left;
            int32_t kx0, kx1;
            ht_taps(ix, p->k_w, p->dilation_x, p->in_w, &kx0, &kx1);
            for (c = 0; c < p->channels; c++) {
                ht_int max = HT_MIN;
                for (ky = ky0; ky < ky1; ky++) {
                    for (kx = kx0; kx < kx1; kx++) {
                        ht_int value = x[((iy + ky * p->dilation_y) * p->in_w + ix + kx * p->dilation_x) * p->channels + c];
                        max = value > max ? value : max;
                    }
                }
                *y++ = max;
            }
        }
    }
}
