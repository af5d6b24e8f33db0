/// Writes `.tflite` files and runs them in LiteRT.
module dev.halftone.litert {
  requires transitive dev.halftone.core;
  requires static transitive org.jspecify;
  requires flatbuffers.java;
  requires org.bytedeco.javacpp;
  requires org.bytedeco.tensorflowlite;
  requires tensorflow.lite.metadata;

  exports dev.halftone.litert;
}
