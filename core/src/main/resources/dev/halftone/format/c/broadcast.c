/* order: 140 */
/* Extents of the result, and the steps of both operands along them; 0 where an operand is repeated. Rank 4. */
typedef struct {
    int32_t extent[4];
    int32_t first[4];
    int32_t second[4];
} ht_broadcast;
