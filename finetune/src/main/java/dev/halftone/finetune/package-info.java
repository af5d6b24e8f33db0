/// Quantization-aware training on libtorch: an ONNX graph as a differentiable program, fake quantization, distillation.
@NullMarked
package dev.halftone.finetune;

import org.jspecify.annotations.NullMarked;
