package dev.halftone.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A model file: a graph and what the file says around it.
///
/// @param opsets version by domain; the standard domain is the empty string
/// @param metadata `metadata_props`, in file order
/// @param opaque fields that are not interpreted (functions, training info, doc string, ...)
public record Model(
    long irVersion,
    Map<String, Long> opsets,
    String producerName,
    String producerVersion,
    Graph graph,
    Map<String, String> metadata,
    List<Opaque> opaque) {

  public Model {
    opsets = Collections.unmodifiableMap(new LinkedHashMap<>(opsets));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    opaque = List.copyOf(opaque);
  }

  /// Version of the standard operator set.
  public long opset() {
    return opsets.getOrDefault("", 1L);
  }

  public Model withGraph(Graph other) {
    return new Model(irVersion, opsets, producerName, producerVersion, other, metadata, opaque);
  }

  public Model withOpset(String domain, long version) {
    Map<String, Long> other = new LinkedHashMap<>(opsets);
    other.put(domain, version);
    return new Model(irVersion, other, producerName, producerVersion, graph, metadata, opaque);
  }

  public Model withIrVersion(long other) {
    return new Model(other, opsets, producerName, producerVersion, graph, metadata, opaque);
  }

  public Model withMetadata(Map<String, String> other) {
    return new Model(irVersion, opsets, producerName, producerVersion, graph, other, opaque);
  }
}
