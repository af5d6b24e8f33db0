import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// A network of token ids that gives a vector a token, in a session of one thread.
final class Encoder implements AutoCloseable {

  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();
  private static final boolean CLS = "cls".equals(System.getenv("POOLING"));

  private final OrtSession session;
  private final String output;

  private Encoder(OrtSession session, String output) {
    this.session = session;
    this.output = output;
  }

  static Encoder load(Path file) throws OrtException {
    try (OrtSession.SessionOptions options = Sessions.options()) {
      OrtSession session = ENVIRONMENT.createSession(file.toString(), options);
      for (var output : session.getOutputInfo().entrySet()) {
        if (output.getValue().getInfo() instanceof TensorInfo tensor
            && tensor.getShape().length == 3) {
          return new Encoder(session, output.getKey());
        }
      }
      session.close();
      throw new IllegalArgumentException(file + " has no output with a vector a token");
    }
  }

  /// The inputs of a batch, padded to its longest text.
  Map<String, OnnxTensor> inputs(List<Tokens> batch) throws OrtException {
    int longest = batch.stream().mapToInt(text -> text.length()).max().orElseThrow();
    long[] shape = {batch.size(), longest};
    Map<String, OnnxTensor> inputs = new HashMap<>();
    for (String name : session.getInputNames()) {
      long[] values = new long[batch.size() * longest];
      for (int i = 0; i < batch.size(); i++) {
        long[] row =
            switch (name) {
              case "input_ids" -> batch.get(i).ids();
              case "attention_mask" ->
                  LongStream.generate(() -> 1).limit(batch.get(i).length()).toArray();
              case "token_type_ids" -> batch.get(i).types();
              default ->
                  throw new IllegalArgumentException("no values are known for input " + name);
            };
        System.arraycopy(row, 0, values, i * longest, row.length);
      }
      inputs.put(name, OnnxTensor.createTensor(ENVIRONMENT, LongBuffer.wrap(values), shape));
    }
    return inputs;
  }

  OrtSession session() {
    return session;
  }

  /// The vector of one text of a batch, pooled over its own tokens.
  double[] vector(List<Tokens> batch, int text) throws OrtException {
    Map<String, OnnxTensor> inputs = inputs(batch);
    try (OrtSession.Result result = session.run(inputs)) {
      OnnxTensor values = (OnnxTensor) result.get(output).orElseThrow();
      long[] shape = values.getInfo().getShape();
      int width = (int) shape[2];
      FloatBuffer floats = values.getFloatBuffer();
      int tokens = CLS ? 1 : batch.get(text).length();
      double[] sum = new double[width];
      int from = text * (int) shape[1] * width;
      for (int i = 0; i < tokens * width; i++) {
        sum[i % width] += floats.get(from + i) / tokens;
      }
      return sum;
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
