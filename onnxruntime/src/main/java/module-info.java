/// Runs models in ONNX Runtime and judges quantized files with it.
module dev.halftone.onnxruntime {
  requires transitive dev.halftone.core;
  requires static transitive org.jspecify;
  requires com.microsoft.onnxruntime;
  requires dev.halftone.text;

  exports dev.halftone.onnxruntime;
  exports dev.halftone.session;
}
