/// From the statistics of a tensor to the range its integers shall cover: one class an observer.
@NullMarked
package dev.halftone.plan.range;

import org.jspecify.annotations.NullMarked;
