package dev.halftone;

import dev.halftone.data.Sample;
import dev.halftone.engine.integer.IntegerRunner;
import dev.halftone.integer.IntegerGraph;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/// A form in which devices take networks of integers.
///
/// @param <N> a network in this form
public interface DeviceFormat<N extends DeviceFormat.Network> {

  /// The network in this form.
  ///
  /// @param name as the model's file is called
  /// @param about a sentence for readers of the files
  /// @param sample may become a test that lies beside the network
  N make(IntegerGraph graph, String name, String about, Sample sample);

  /// The files that hold a network, in the order of [Network#contents].
  ///
  /// @param destination the file, or the folder for several
  /// @param name as the model's file is called
  List<Path> files(Path destination, String name);

  /// A network in its form, in memory.
  interface Network {

    /// What gives the integers that the device will. Whoever asks for it closes it.
    IntegerRunner open();

    /// Bytes of constants or of the file, in flash.
    long flashBytes();

    /// Bytes of memory that a run takes; empty where that is not known here.
    OptionalLong ramBytes();

    /// What its files hold.
    List<byte[]> contents();
  }
}
