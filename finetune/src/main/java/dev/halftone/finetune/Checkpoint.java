package dev.halftone.finetune;

import dev.halftone.UnusableInputException;
import dev.halftone.format.AtomicFile;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where a training stands after an epoch: enough to go on as if it had never ended.
///
/// @param job says what was being trained, and how: another training does not go on from here
/// @param count how many epochs there shall be
/// @param epochs that are over, the start first
/// @param state of the learner
/// @param moments of the optimizer
/// @param best what was best so far
record Checkpoint(
    long job,
    int count,
    List<Finetuned.Epoch> epochs,
    List<float[]> state,
    List<float[]> moments,
    Best best) {

  /// The epoch that was best, and the state of the learner after it.
  record Best(int epoch, List<float[]> state) {
    Best {
      state = List.copyOf(state);
    }
  }

  private static final long MAGIC = 0x48414C46544E4532L; // HALFTNE2

  Checkpoint {
    epochs = List.copyOf(epochs);
    state = List.copyOf(state);
    moments = List.copyOf(moments);
  }

  void write(Path file) {
    AtomicFile.write(file, true, channel -> write(Channels.newOutputStream(channel)));
  }

  private void write(OutputStream file) throws IOException {
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(file));
    out.writeLong(MAGIC);
    out.writeLong(job);
    out.writeInt(count);
    out.writeInt(epochs.size());
    for (Finetuned.Epoch epoch : epochs) {
      out.writeInt(epoch.number());
      out.writeDouble(epoch.loss());
      out.writeDouble(epoch.agreement());
      out.writeDouble(epoch.seconds());
    }
    write(out, state);
    write(out, moments);
    out.writeInt(best.epoch());
    write(out, best.state());
    out.flush();
  }

  private static void write(DataOutputStream out, List<float[]> arrays) throws IOException {
    out.writeInt(arrays.size());
    for (float[] array : arrays) {
      out.writeInt(array.length);
      ByteBuffer buffer = ByteBuffer.allocate(4 * array.length);
      buffer.asFloatBuffer().put(array);
      out.write(buffer.array());
    }
  }

  /// Throws UnusableInputException where the file is none, or of another training.
  static Checkpoint read(Path file, long job) {
    try (DataInputStream in =
        new DataInputStream(new java.io.BufferedInputStream(Files.newInputStream(file)))) {
      if (in.readLong() != MAGIC) {
        throw new UnusableInputException(
            file + " is no checkpoint of a fine-tuning: give another name, or delete it");
      }
      if (in.readLong() != job) {
        throw new UnusableInputException(
            file
                + " is the checkpoint of another fine-tuning (model, samples, recipe, seed and epochs must be the same): give another name, or delete it");
      }
      int count = in.readInt();
      List<Finetuned.Epoch> epochs = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        epochs.add(
            new Finetuned.Epoch(in.readInt(), in.readDouble(), in.readDouble(), in.readDouble()));
      }
      return new Checkpoint(
          job,
          count,
          epochs,
          readArrays(in),
          readArrays(in),
          new Best(in.readInt(), readArrays(in)));
    } catch (IOException | IllegalArgumentException | NegativeArraySizeException e) {
      throw new UnusableInputException(
          file + " cannot be read as a checkpoint: delete it to begin anew", e);
    }
  }

  private static List<float[]> readArrays(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<float[]> arrays = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] array = new float[in.readInt()];
      ByteBuffer.wrap(in.readNBytes(4 * array.length)).asFloatBuffer().get(array);
      arrays.add(array);
    }
    return arrays;
  }
}
