package dev.halftone.litert;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.lite.schema.Buffer;
import org.tensorflow.lite.schema.Metadata;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.Operator;
import org.tensorflow.lite.schema.OperatorCode;
import org.tensorflow.lite.schema.QuantizationParameters;
import org.tensorflow.lite.schema.SignatureDef;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.schema.Tensor;
import org.tensorflow.lite.schema.TensorMap;

/// The bytes of a .tflite file: a FlatBuffer of TensorFlow Lite's schema, version 3, with one subgraph and one signature. The same draft
/// gives the same bytes.
final class FlatFile {

  static final String SIGNATURE = "serving_default";

  private static final int SCHEMA_VERSION = 3;

  /// Where a runtime maps the file, kernels may read whole registers of a constant: the schema's `force_align`.
  private static final int ALIGNMENT = 16;

  private static final int NO_OFFSET = 0;

  private final FlatBufferBuilder file = new FlatBufferBuilder(1 << 16);
  private final Map<ByteBuffer, Integer> buffers = new LinkedHashMap<>(); // content -> number
  private final Map<LiteOp.Code, Integer> codes = new LinkedHashMap<>();

  /// Vectors of zero points that are there already: several tensors refer to one, for eight bytes a channel count.
  private final Map<Repeated, Integer> zeroPoints = new HashMap<>();

  private record Repeated(int value, int count) {}

  private FlatFile() {
    buffers.put(ByteBuffer.allocate(0), 0); // the schema wants the first one empty
  }

  /// @param inputs names of the signature, to numbers of tensors
  static byte[] of(
      LiteDraft draft, Map<String, Integer> inputs, Map<String, Integer> outputs, String about) {
    return new FlatFile().bytes(draft, inputs, outputs, about);
  }

  private byte[] bytes(
      LiteDraft draft, Map<String, Integer> inputs, Map<String, Integer> outputs, String about) {
    int[] tensors = draft.tensors.stream().mapToInt(this::tensor).toArray();
    int[] ops = draft.ops.stream().mapToInt(this::op).toArray();
    int subgraph =
        SubGraph.createSubGraph(
            file,
            SubGraph.createTensorsVector(file, tensors),
            SubGraph.createInputsVector(file, numbers(inputs)),
            SubGraph.createOutputsVector(file, numbers(outputs)),
            SubGraph.createOperatorsVector(file, ops),
            file.createString("main"));
    int signature =
        SignatureDef.createSignatureDef(
            file,
            SignatureDef.createInputsVector(file, names(inputs)),
            SignatureDef.createOutputsVector(file, names(outputs)),
            file.createString(SIGNATURE),
            0);
    int metadata =
        Metadata.createMetadata(
            file, file.createString("min_runtime_version"), buffer(minimumRuntime()));
    int model =
        Model.createModel(
            file,
            SCHEMA_VERSION,
            Model.createOperatorCodesVector(file, codes()),
            Model.createSubgraphsVector(file, new int[] {subgraph}),
            file.createString(about),
            Model.createBuffersVector(file, buffers()),
            NO_OFFSET,
            Model.createMetadataVector(file, new int[] {metadata}),
            Model.createSignatureDefsVector(file, new int[] {signature}));
    Model.finishModelBuffer(file, model);
    return file.sizedByteArray();
  }

  private int tensor(LiteTensor tensor) {
    int shape = Tensor.createShapeVector(file, tensor.dims());
    int name = file.createString(tensor.name());
    int quantization = quantization(tensor.quantization());
    Tensor.startTensor(file);
    Tensor.addShape(file, shape);
    Tensor.addType(file, tensor.type());
    Tensor.addBuffer(file, tensor.data().map(this::buffer).orElse(0));
    Tensor.addName(file, name);
    Tensor.addQuantization(file, quantization);
    Tensor.addHasRank(file, true);
    return Tensor.endTensor(file);
  }

  private int quantization(Quantization quantization) {
    if (quantization.scales().isEmpty()) {
      return NO_OFFSET;
    }
    float[] scales = new float[quantization.scales().size()];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = quantization.scales().get(i);
    }
    int scale = QuantizationParameters.createScaleVector(file, scales);
    int zeroPoint =
        zeroPoints.computeIfAbsent(
            new Repeated(quantization.zeroPoint(), scales.length), this::vector);
    QuantizationParameters.startQuantizationParameters(file);
    QuantizationParameters.addScale(file, scale);
    QuantizationParameters.addZeroPoint(file, zeroPoint);
    QuantizationParameters.addQuantizedDimension(file, quantization.axis());
    return QuantizationParameters.endQuantizationParameters(file);
  }

  private int vector(Repeated zeroPoint) {
    long[] values = new long[zeroPoint.count()];
    Arrays.fill(values, zeroPoint.value());
    return QuantizationParameters.createZeroPointVector(file, values);
  }

  private int op(LiteOp op) {
    Integer code = codes.putIfAbsent(op.code(), codes.size());
    int inputs = Operator.createInputsVector(file, op.inputs().stream().mapToInt(i -> i).toArray());
    int outputs = Operator.createOutputsVector(file, new int[] {op.output()});
    int options = op.options().write().applyAsInt(file);
    Operator.startOperator(file);
    Operator.addOpcodeIndex(file, code == null ? codes.size() - 1 : code);
    Operator.addInputs(file, inputs);
    Operator.addOutputs(file, outputs);
    Operator.addBuiltinOptionsType(file, op.options().type());
    Operator.addBuiltinOptions(file, options);
    return Operator.endOperator(file);
  }

  private int[] codes() {
    return codes.keySet().stream()
        .mapToInt(code ->
            OperatorCode.createOperatorCode(
                file,
                (byte) Math.min(code.number(), Byte.MAX_VALUE),
                NO_OFFSET,
                code.version(),
                code.number()))
        .toArray();
  }

  /// The number of the buffer with this content; constants of the same content share one.
  private int buffer(byte[] content) {
    ByteBuffer key = ByteBuffer.wrap(content);
    Integer known = buffers.putIfAbsent(key, buffers.size());
    return known == null ? buffers.size() - 1 : known;
  }

  private int[] buffers() {
    List<Integer> made = new ArrayList<>();
    for (ByteBuffer content : buffers.keySet()) {
      byte[] bytes = content.array();
      made.add(Buffer.createBuffer(file, bytes.length == 0 ? NO_OFFSET : aligned(bytes)));
    }
    return made.stream().mapToInt(i -> i).toArray();
  }

  private int aligned(byte[] bytes) {
    ByteBuffer room = file.createUnintializedVector(1, bytes.length, ALIGNMENT);
    room.put(bytes);
    return file.endVector();
  }

  private byte[] minimumRuntime() {
    String most =
        codes.keySet().stream()
            .map(LiteOp.Code::since)
            .max(Comparator.comparing(FlatFile::ordinal))
            .orElse("1.5.0");
    return most.getBytes(StandardCharsets.US_ASCII);
  }

  /// 2.14.0 after 2.3.0.
  private static int ordinal(String version) {
    int ordinal = 0;
    for (String part : version.split("\\.", -1)) {
      ordinal = ordinal * 1000 + Integer.parseInt(part);
    }
    return ordinal;
  }

  private static int[] numbers(Map<String, Integer> ports) {
    return ports.values().stream().mapToInt(i -> i).toArray();
  }

  private int[] names(Map<String, Integer> ports) {
    return ports.entrySet().stream()
        .mapToInt(port ->
            TensorMap.createTensorMap(file, file.createString(port.getKey()), port.getValue()))
        .toArray();
  }
}
