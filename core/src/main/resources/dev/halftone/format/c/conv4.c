/* order: 90; needs: conv */
/* Weights of 4 bits, eight in four bytes: the first four in the lower halves, the others in the upper ones. */
static inline void ht_unpack(const int8_t *packed, int8_t *weights, int32_t count)
{
    for (; count > 0; count -= 8, packed += 4, weights += 8) {
        uint32_t word, low, high;
        memcpy(&word, packed, sizeof word);
        low = word & 0x0F0F0F0Fu;
        high = (word >> 4) & 0x0F0F0F0Fu;
        low |= (low & 0x08080808u) * 30u; /* the sign, upwards */
        high |= (high & 0x08080808u) * 30u;
        memcpy(weights, &low, sizeof low);
        memcpy(weights + 4, &high, sizeof high);
    }
}

/* ht_conv with weights of 4 bits, without groups: for each row of the output two channels are unpacked at a time. */
HT_KERNEL void ht_conv4(const ht_layer *p, const int8_t *input, int8_t *output, int8_t *scratch)
{
    const int32_t each = p->k_h * p->k_w * p->in_c;
    const int32_t room = (each + 7) / 8 * 8;
    int32_t oy, c;
    for (oy = 0; oy < p->out_h; oy++) {
        int8_t *row = output + oy * p->out_w * p->out_c;
        const int8_t *packed = p->weights;
        for (c = 0; c < p->out_c; c += 2) {
            const int32_t two = c + 1 < p->out_c;
            ht_unpack(packed, scratch, room);
            packed += room / 2;
            if (two) {
                ht_unpack(packed, scratch + each, room);
                packed += room / 2;
            }
            ht_conv_row(p, input, row + c, oy, scratch, p->channels + c, p->shifts + c, 1 + two);
        }
    }
}
