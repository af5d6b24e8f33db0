/// Quantization of neural networks, in pure Java: packages exported to everybody are what programs may rely on. Of the others a
/// module of this project sees those that it uses.
module dev.halftone.core {
  requires static jdk.incubator.vector;
  requires static transitive org.jspecify;
  requires com.fasterxml.jackson.annotation;
  requires com.twelvemonkeys.imageio.core;
  requires com.twelvemonkeys.imageio.jpeg;
  requires com.twelvemonkeys.imageio.metadata;
  requires com.twelvemonkeys.imageio.tiff;
  requires com.twelvemonkeys.imageio.webp;
  requires java.desktop;
  requires java.management;
  requires jdk.management;
  requires tools.jackson.core;
  requires tools.jackson.databind;

  exports dev.halftone;
  exports dev.halftone.data;
  exports dev.halftone.engine;
  exports dev.halftone.format.onnx;
  exports dev.halftone.graph;
  exports dev.halftone.judge;
  exports dev.halftone.recipe;
  exports dev.halftone.tensor;
  exports dev.halftone.calibrate to
      dev.halftone.finetune,
      dev.halftone.onnxruntime;
  exports dev.halftone.data.label to
      dev.halftone.onnxruntime,
      dev.halftone.text;
  exports dev.halftone.data.picture to
      dev.halftone.cli,
      dev.halftone.onnxruntime;
  exports dev.halftone.data.text to
      dev.halftone.onnxruntime,
      dev.halftone.text;
  exports dev.halftone.device to
      dev.halftone.finetune,
      dev.halftone.onnxruntime;
  exports dev.halftone.diagnose to
      dev.halftone.onnxruntime;
  exports dev.halftone.engine.integer to
      dev.halftone.litert,
      dev.halftone.onnxruntime;
  exports dev.halftone.equalize to
      dev.halftone.onnxruntime;
  exports dev.halftone.form to
      dev.halftone.finetune;
  exports dev.halftone.format to
      dev.halftone.cli,
      dev.halftone.finetune,
      dev.halftone.litert,
      dev.halftone.onnxruntime;
  exports dev.halftone.format.c to
      dev.halftone.cli,
      dev.halftone.onnxruntime;
  exports dev.halftone.graph.shape to
      dev.halftone.cli,
      dev.halftone.finetune,
      dev.halftone.onnxruntime;
  exports dev.halftone.integer to
      dev.halftone.cli,
      dev.halftone.litert,
      dev.halftone.onnxruntime;
  exports dev.halftone.meaning to
      dev.halftone.finetune,
      dev.halftone.onnxruntime;
  exports dev.halftone.metric to
      dev.halftone.onnxruntime;
  exports dev.halftone.plan to
      dev.halftone.cli,
      dev.halftone.finetune,
      dev.halftone.onnxruntime;
  exports dev.halftone.plan.bits to
      dev.halftone.onnxruntime;
  exports dev.halftone.prepare to
      dev.halftone.onnxruntime;
  exports dev.halftone.report to
      dev.halftone.cli,
      dev.halftone.onnxruntime;
  exports dev.halftone.rewrite to
      dev.halftone.finetune;
  exports dev.halftone.scheme to
      dev.halftone.finetune,
      dev.halftone.litert;
  exports dev.halftone.search to
      dev.halftone.onnxruntime;
  exports dev.halftone.verify to
      dev.halftone.cli,
      dev.halftone.finetune,
      dev.halftone.onnxruntime;
  exports dev.halftone.wording to
      dev.halftone.cli,
      dev.halftone.finetune,
      dev.halftone.onnxruntime,
      dev.halftone.text;

  // records that are read and written as JSON
  opens dev.halftone.calibrate to
      tools.jackson.databind;
  opens dev.halftone.equalize to
      tools.jackson.databind;
  opens dev.halftone.judge to
      tools.jackson.databind;
  opens dev.halftone.meaning to
      tools.jackson.databind;
  opens dev.halftone.metric to
      tools.jackson.databind;
  opens dev.halftone.plan to
      tools.jackson.databind;
  opens dev.halftone.report to
      tools.jackson.databind;
  opens dev.halftone.scheme to
      tools.jackson.databind;
  opens dev.halftone.smooth to
      tools.jackson.databind;
  opens dev.halftone.verify to
      tools.jackson.databind;
}
