package dev.halftone.format.c;

import dev.halftone.integer.IntegerOp;
import dev.halftone.integer.IntegerTensor;
import dev.halftone.integer.Weights;
import dev.halftone.integer.Window;

/// A weighted operation as its kernel sees it: a convolution of an image.
///
/// @param weights in the order in which the kernel reads them
record CLayer(
    IntegerOp.Weighted op,
    Window window,
    int groups,
    Weights weights,
    IntegerTensor in,
    IntegerTensor out) {}
