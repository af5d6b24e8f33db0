/// Reads files of texts and turns them into tokens.
module dev.halftone.text {
  requires transitive dev.halftone.core;
  requires static transitive org.jspecify;
  requires ai.djl.tokenizers;
  requires de.siegmar.fastcsv;
  requires tools.jackson.core;
  requires tools.jackson.databind;

  exports dev.halftone.text;
}
