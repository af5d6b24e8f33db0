/* order: 240 */
typedef struct {
    int32_t in_h, in_w, channels, out_h, out_w;
    int16_t k_h, k_w, stride_y, stride_x, dilation_y, dilation_x, top, left;
} ht_pool;
