import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.BuiltinOpResolver;
import org.bytedeco.tensorflowlite.FlatBufferModel;
import org.bytedeco.tensorflowlite.Interpreter;
import org.bytedeco.tensorflowlite.InterpreterBuilder;
import org.bytedeco.tensorflowlite.TfLiteTensor;
import org.bytedeco.tensorflowlite.global.tensorflowlite;

/// Classifies pictures of clothes with a .tflite file: bytes of pixels in, a name out. Nothing here is Halftone's.
///
/// Usage: `java -cp LIBRARIES Classify.java MODEL.tflite FOLDER`, the folder with images.npy (uint8 [N, 28, 28, 1]) and labels.npy (int64)
public final class Classify {

  private static final List<String> NAMES =
      List.of(
          "T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot");

  private static final int HEADER = 128; // bytes before the numbers, as numpy wrote these files
  private static final int PIXELS = 28 * 28;
  private static final int SHOWN = 5;

  private final Interpreter interpreter = new Interpreter((Pointer) null);
  private final TfLiteTensor input;
  private final TfLiteTensor output;
  private final byte[] fed = new byte[256];

  private Classify(String file) {
    FlatBufferModel model = FlatBufferModel.BuildFromFile(file);
    int built = new InterpreterBuilder(model, new BuiltinOpResolver()).apply(interpreter);
    if (built != tensorflowlite.kTfLiteOk || interpreter.AllocateTensors() != tensorflowlite.kTfLiteOk) {
      throw new IllegalStateException("LiteRT cannot load " + file);
    }
    input = interpreter.input_tensor(0);
    output = interpreter.output_tensor(0);
    // the network was trained on pixel / 127.5 - 1; the file says what its integers mean
    for (int pixel = 0; pixel < fed.length; pixel++) {
      float real = pixel / 127.5f - 1;
      long integer = Math.round(real / input.params().scale()) + input.params().zero_point();
      fed[pixel] = (byte) Math.clamp(integer, 0, 255);
    }
  }

  private int classify(byte[] pixels, int from) {
    BytePointer integers = input.data().uint8();
    for (int i = 0; i < PIXELS; i++) {
      integers.put(i, fed[pixels[from + i] & 0xff]);
    }
    interpreter.Invoke();
    BytePointer logits = output.data().uint8();
    int best = 0;
    for (int i = 1; i < NAMES.size(); i++) {
      best = (logits.get(i) & 0xff) > (logits.get(best) & 0xff) ? i : best;
    }
    return best;
  }

  public static void main(String[] args) throws IOException {
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    byte[] pixels = Files.readAllBytes(Path.of(args[1], "images.npy"));
    byte[] labels = Files.readAllBytes(Path.of(args[1], "labels.npy"));
    int count = (pixels.length - HEADER) / PIXELS;
    Classify classifier = new Classify(args[0]);
    int right = 0;
    for (int i = 0; i < count; i++) {
      int answer = classifier.classify(pixels, HEADER + i * PIXELS);
      right += answer == labels[HEADER + i * Long.BYTES] ? 1 : 0;
      if (i < SHOWN) {
        System.out.println("Picture " + i + ": " + NAMES.get(answer) + ".");
      }
    }
    System.out.println(right + " of " + count + " pictures are classified right.");
  }
}
