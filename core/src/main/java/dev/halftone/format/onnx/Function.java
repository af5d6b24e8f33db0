package dev.halftone.format.onnx;

import dev.halftone.UnusableInputException;
import dev.halftone.graph.Model;
import dev.halftone.graph.Node;
import dev.halftone.graph.Opaque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `FunctionProto`: an operation that a model defines by nodes of its own.
///
/// A model keeps its functions uninterpreted; whoever must look into one reads it by [#of] and puts it back by [#replaceAll].
/// Attributes of a node that take the value of the function's attribute are `Attribute.Raw`.
///
/// @param opsets version by domain, for the nodes of this function
/// @param opaque the fields that are not interpreted
public record Function(
    String domain,
    String name,
    Map<String, Long> opsets,
    List<String> inputs,
    List<String> outputs,
    List<Node> nodes,
    List<Opaque> opaque) {

  private static final int FUNCTIONS = 25;

  private static final int NAME = 1;
  private static final int INPUT = 4;
  private static final int OUTPUT = 5;
  private static final int NODE = 7;
  private static final int OPSET_IMPORT = 9;
  private static final int DOMAIN = 10;

  public Function {
    opsets = Collections.unmodifiableMap(new LinkedHashMap<>(opsets));
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    nodes = List.copyOf(nodes);
    opaque = List.copyOf(opaque);
  }

  /// The functions that a model defines, in file order. Throws UnusableInputException where one is malformed.
  public static List<Function> of(Model model) {
    List<Function> functions = new ArrayList<>();
    for (Opaque field : model.opaque()) {
      if (field.number() == FUNCTIONS) {
        try {
          functions.add(read(field));
        } catch (Malformed e) {
          throw new UnusableInputException(
              "a function of the model is damaged ("
                  + e.getMessage()
                  + "): download or export the model again",
              e);
        }
      }
    }
    return functions;
  }

  /// The model with these functions in place of its own.
  public static Model replaceAll(Model model, List<Function> functions) {
    List<Opaque> opaque = new ArrayList<>();
    model.opaque().stream().filter(field -> field.number() != FUNCTIONS).forEach(opaque::add);
    for (Function function : functions) {
      WireWriter field = new WireWriter().message(FUNCTIONS, function.write());
      opaque.add(new Opaque(FUNCTIONS, field.toSegment()));
    }
    return new Model(
        model.irVersion(),
        model.opsets(),
        model.producerName(),
        model.producerVersion(),
        model.graph(),
        model.metadata(),
        opaque);
  }

  public Function withNodes(List<Node> other, Map<String, Long> otherOpsets) {
    return new Function(domain, name, otherOpsets, inputs, outputs, other, opaque);
  }

  private static Function read(Opaque field) {
    ReadScope scope = new ReadScope(new ExternalData(Optional.empty()), 0);
    String domain = "";
    String name = "";
    Map<String, Long> opsets = new LinkedHashMap<>();
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    List<Node> nodes = new ArrayList<>();
    List<Opaque> opaque = new ArrayList<>();
    WireReader in = new WireReader(WireReader.payload(field));
    while (in.next()) {
      switch (in.field()) {
        case NAME -> name = in.text();
        case INPUT -> inputs.add(in.text());
        case OUTPUT -> outputs.add(in.text());
        case NODE -> nodes.add(NodeCodec.read(in.bytes(), scope));
        case OPSET_IMPORT -> ModelCodec.readOpset(in.bytes(), opsets);
        case DOMAIN -> domain = in.text();
        default -> opaque.add(in.opaque());
      }
    }
    return new Function(domain, name, opsets, inputs, outputs, nodes, opaque);
  }

  private WireWriter write() {
    WireWriter out = new WireWriter().optionalText(NAME, name);
    inputs.forEach(input -> out.text(INPUT, input));
    outputs.forEach(output -> out.text(OUTPUT, output));
    nodes.forEach(node -> out.message(NODE, NodeCodec.write(node)));
    opsets.forEach(
        (imported, version) -> out.message(OPSET_IMPORT, ModelCodec.writeOpset(imported, version)));
    out.optionalText(DOMAIN, domain);
    opaque.forEach(field -> out.encoded(field.encoded()));
    return out;
  }
}
