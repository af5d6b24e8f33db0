/* order: 260; needs: common window pool; types: int8 int16 */
/* AVERAGE_POOL_2D, row by row */
HT_KERNEL void ht_average_pool(const ht_pool *p, const ht_int *x, ht_int *y)
{
    int32_t oy, ox, ky, kx, c;
    for (oy = 0; oy < p->out_h; oy++) {
        const int32_t iy = oy * p->stride_y - p->top;
        int32_t ky0, ky1;
        ht_taps(iy, p->k_h, p->dilation_y, p->in_h, &ky0, &ky1);
        for (ox = 0; ox < p->out_w; ox++) {
            const int32_t ix = ox * p->stride_x - p->left;
            int32_t kx0, kx1, count;
            ht_taps(ix, p->k_w, p->dilation_x, p->in_w, &kx0, &kx1);
            count = (ky1 - ky0) * (kx1 - kx0);
            for (c = 0; c < p->channels; c++) {
                int32_t sum = 0;
                for (ky = ky0; ky < ky1; ky++) {
                    for (kx = kx0; kx < kx1; kx++) {
                        sum += x[((iy + ky * p->dilation_y) * p->in_w + ix + kx * p->dilation_x) * p->channels + c];
                    }
                }
                *y++ = (ht_int)(sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count);
            }
        }
    }
}
