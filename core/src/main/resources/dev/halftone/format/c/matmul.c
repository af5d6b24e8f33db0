/* order: 200; needs: common broadcast */
typedef struct {
    int32_t m, k, n, multiplier, shift;
    int16_t first_zero, second_zero, out_zero;
} ht_matmul_numbers;

/* [m][k] times [k][n] */
static inline void ht_product(const ht_matmul_numbers *p, const int8_t *first, const int8_t *second, int8_t *y)
{
    int32_t row, column, i;
    for (row = 0; row < p->m; row++, first += p->k) {
        for (column = 0; column < p->n; column++) {
            int32_t sum = 0;
            for (i = 0; i < p->k; i++) {
                sum += (first[i] - p->first_zero) * (second[i * p->n + column] - p->second_zero);
            }
            *y++ = (int8_t)ht_clamp(p->out_zero + ht_rescale_any(sum, p->multiplier, p->shift), -128, 127);
        }
    }
}

/* BATCH_MATMUL; extents and steps are those of matrices */
HT_KERNEL void ht_matmul(const ht_matmul_numbers *p, const ht_broadcast *b, const int8_t *first, const int8_t *second, int8_t *y)
{
    const int32_t left = p->m * p->k;
    const int32_t right = p->k * p->n;
    int32_t i, j, k, l;
    for (i = 0; i < b->extent[0]; i++) {
        for (j = 0; j < b->extent[1]; j++) {
            for (k = 0; k < b->extent[2]; k++) {
                for (l = 0; l < b->extent[3]; l++) {
                    int32_t from = i * b->first[0] + j * b->first[1] + k * b->first[2] + l * b->first[3];
                    int32_t other = i * b->second[0] + j * b->second[1] + k * b->second[2] + l * b->second[3];
                    ht_product(p, first + from * left, second + other * right, y);
                    y += p->m * p->n;
                }
            }
        }
    }
}
