/// Trains quantized networks on libtorch.
module dev.halftone.finetune {
  requires transitive dev.halftone.core;
  requires static transitive org.jspecify;
  requires org.bytedeco.javacpp;
  requires org.bytedeco.pytorch;

  exports dev.halftone.finetune;
}
