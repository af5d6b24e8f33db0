import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Sessions of one thread, and the processor time that networks take in them.
final class Sessions {

  /// Runs of a network in a row.
  private static final int TURNS = 4;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private Sessions() {}

  static OrtSession.SessionOptions options() throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    return options;
  }

  /// The 10th percentile of the processor time of each network, in seconds.
  /// Each round runs all of them, in an order of its own: each some times in turn, of which the first, when the caches hold another network, does
  /// not count.
  ///
  /// @param sessions the first is the float one
  /// @param inputs of each; they are closed
  /// @param seconds for each
  static double[] latencies(
      List<OrtSession> sessions, List<Map<String, OnnxTensor>> inputs, double seconds, long seed)
      throws OrtException {
    List<Integer> order = new ArrayList<>();
    List<List<Double>> times = new ArrayList<>();
    for (int i = 0; i < sessions.size(); i++) {
      order.add(i);
      times.add(new ArrayList<>());
    }
    Random random = new Random(seed);
    double spent = 0;
    for (int round = -3; spent < seconds * sessions.size() || round < 20; round++) {
      Collections.shuffle(order, random);
      for (int each : order) {
        if (each == 0 && round % 4 != 0) {
          continue; // the float one takes long, and no ratio of others is to it
        }
        for (int turn = 0; turn < TURNS; turn++) {
          long start = THREADS.getCurrentThreadCpuTime();
          var result = sessions.get(each).run(inputs.get(each));
          double time = (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
          result.close();
          spent += time;
          if (round >= 0 && turn > 0) {
            times.get(each).add(time);
          }
        }
      }
    }
    inputs.forEach(map -> map.values().forEach(OnnxTensor::close));
    return times.stream()
        .mapToDouble(
            each -> Figures.quantile(each.stream().mapToDouble(Double::doubleValue).toArray(), 0.1))
        .toArray();
  }
}
