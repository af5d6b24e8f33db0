/* order: 20 */
#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 1)
#include <arm_mve.h>
#define HT_HELIUM 1

static inline int32x4_t ht_helium_four(int32_t a, int32_t b, int32_t c, int32_t d)
{
    const int32x4_t four = {a, b, c, d};
    return four;
}

/* ht_rescale_any */
static inline int32x4_t ht_helium_rescale(int32x4_t x, int32x4_t multipliers, int32x4_t shifts)
{
    const int32x4_t none = vdupq_n_s32(0);
    const int32x4_t right = vminq_s32(shifts, none);
    const int32x4_t shifted = vshlq_s32(x, vmaxq_s32(shifts, none));
#ifdef HT_SHIFTS
    const int32x4_t high = vrshrq_n_s32(shifted, 1);
    (void)multipliers;
#else
    const int32x4_t high = vqrdmulhq_s32(shifted, multipliers);
#endif
    return vrshlq_s32(vqaddq_s32(high, vshrq_n_s32(vandq_s32(high, right), 31)), right); /* ties away from zero */
}

static inline int32x4_t ht_helium_clamp(int32x4_t values, int32_t min, int32_t max)
{
    return vminq_s32(vmaxq_s32(values, vdupq_n_s32(min)), vdupq_n_s32(max));
}
#endif
