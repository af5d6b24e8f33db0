/* order: 130; needs: layer */
#ifdef HALFTONE_CMSIS_NN
#include <arm_nnfunctions.h>

static inline cmsis_nn_dims ht_dims(int32_t n, int32_t h, int32_t w, int32_t c)
{
    cmsis_nn_dims dims = {n, h, w, c};
    return dims;
}

static inline cmsis_nn_tile ht_tile(int32_t h, int32_t w)
{
    cmsis_nn_tile tile = {w, h};
    return tile;
}

/* its structures point to what it reads as if it wrote there */
static inline cmsis_nn_per_channel_quant_params ht_factors(const ht_layer *p)
{
    cmsis_nn_per_channel_quant_params factors = {(int32_t *)p->channels + p->out_c, (int32_t *)p->shifts};
    return factors;
}

static inline void ht_cmsis_conv(const ht_layer *p, const int8_t *x, int8_t *y, int8_t *scratch)
{
    const cmsis_nn_context context = {scratch, 0};
    const cmsis_nn_conv_params params = {-p->in_zero,
                                         p->out_zero,
                                         ht_tile(p->stride_y, p->stride_x),
                                         ht_tile(p->top, p->left),
                                         ht_tile(p->dilation_y, p->dilation_x),
                                         {p->min, p->max}};
    const cmsis_nn_per_channel_quant_params factors = ht_factors(p);
    const cmsis_nn_dims in = ht_dims(1, p->in_h, p->in_w, p->in_c);
    const cmsis_nn_dims kernel = ht_dims(p->out_c, p->k_h, p->k_w, p->in_c);
    const cmsis_nn_dims bias = ht_dims(1, 1, 1, p->out_c);
    const cmsis_nn_dims out = ht_dims(1, p->out_h, p->out_w, p->out_c);
    (void)arm_convolve_wrapper_s8(&context, &params, &factors, &in, x, &kernel, p->weights, &bias, p->channels, &out, y);
}

static inline void ht_cmsis_depthwise(const ht_layer *p, const int8_t *x, int8_t *y, int8_t *scratch)
{
    const cmsis_nn_context context = {scratch, 0};
    const cmsis_nn_dw_conv_params params = {-p->in_zero,
                                            p->out_zero,
                                            p->out_c / p->in_c,
                                            ht_tile(p->stride_y, p->stride_x),
                                            ht_tile(p->top, p->left),
                                            ht_tile(p->dilation_y, p->dilation_x),
                                            {p->min, p->max}};
    const cmsis_nn_per_channel_quant_params factors = ht_factors(p);
    const cmsis_nn_dims in = ht_dims(1, p->in_h, p->in_w, p->in_c);
    const cmsis_nn_dims kernel = ht_dims(1, p->k_h, p->k_w, p->out_c);
    const cmsis_nn_dims bias = ht_dims(1, 1, 1, p->out_c);
    const cmsis_nn_dims out = ht_dims(1, p->out_h, p->out_w, p->out_c);
    (void)arm_depthwise_conv_wrapper_s8(&context, &params, &factors, &in, x, &kernel, p->weights, &bias, p->channels, &out, y);
}
#endif
