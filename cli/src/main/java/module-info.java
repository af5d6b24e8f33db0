/// The halftone command.
module dev.halftone.cli {
  requires dev.halftone.core;
  requires dev.halftone.finetune;
  requires dev.halftone.litert;
  requires dev.halftone.onnxruntime;
  requires static transitive org.jspecify;
  requires info.picocli;
  requires jdk.unsupported;
  requires tools.jackson.databind;

  opens dev.halftone.cli to
      info.picocli,
      tools.jackson.databind;
}
