package dev.halftone.format.onnx;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/// `StringStringEntryProto`: one line of metadata.
record Entry(String key, String value) {

  static Entry read(MemorySegment message) {
    String key = "";
    String value = "";
    WireReader in = new WireReader(message);
    while (in.next()) {
      switch (in.field()) {
        case 1 -> key = in.text();
        case 2 -> value = in.text();
        default -> in.opaque();
      }
    }
    return new Entry(key, value);
  }

  void putInto(Map<String, String> entries) {
    entries.put(key, value);
  }

  WireWriter write() {
    return new WireWriter().text(1, key).text(2, value);
  }
}
