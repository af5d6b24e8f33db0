/* order: 170 */
typedef struct {
    int32_t multiplier, shift;
    int16_t first_zero, second_zero, out_zero, min, max;
} ht_mul_numbers;
