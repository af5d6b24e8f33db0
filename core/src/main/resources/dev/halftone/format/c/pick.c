/* order: 290; needs: common; types: int8 int16 */
/* y[i][j][k][l] = x[origin + i, j, k, l times their steps]: STRIDED_SLICE, TRANSPOSE. Rank 4. */
HT_KERNEL void ht_pick(const ht_int *x, ht_int *y, const int32_t *extent, const int32_t *step)
{
    int32_t i, j, k, l;
    for (i = 0; i < extent[0]; i++) {
        for (j = 0; j < extent[1]; j++) {
            for (k = 0; k < extent[2]; k++) {
                for (l = 0; l < extent[3]; l++) {
                    *y++ = x[i * step[0] + j * step[1] + k * step[2] + l * step[3]];
                }
            }
        }
    }
}
