package dev.lanewise.engine.data;

import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.FuzzTarget;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/** NumPy's arrays, as they are and with a header whose length is right. */
public final class NpyTarget {
  /**
   * The header as text, a float of each byte, a whole number of each, copies of them, and a file.
   */
  public static final FuzzTarget<int[]> TARGET =
      new FuzzTarget<>(
          "npy",
          file -> read(measured(file)),
          List.of(FormatException.class),
          1 << 20,
          64,
          sizes -> sizes.length == 2 && sizes[0] == 7);

  private static final int HEADER = 10;

  private NpyTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, NpyTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }

  private static int[] read(byte[] file) {
    Npy array = Npy.of(file, "some.npy");
    array.features();
    try {
      array.ints();
    } catch (FormatException e) {
      array.floats(); // no labels: any other number may be a feature
    }
    if (array.sizes().length > 0) {
      float[] values = array.floats();
      byte[] written = Npy.write(Shape.of(array.sizes()), values);
      if (!Arrays.equals(Npy.of(written, "written.npy").floats(), values)) {
        throw new AssertionError("an array changes when it is written and read");
      }
    }
    return array.sizes();
  }

  /** Returns a file of version 1 with the length that its header has, if it has an end. */
  static byte[] measured(byte[] file) {
    boolean first = file.length > HEADER && file[0] == (byte) 0x93 && file[6] == 1;
    for (int i = HEADER; first && i < file.length && i < 1 << 15; i++) {
      if (file[i] == '\n') {
        byte[] measured = file.clone();
        measured[8] = (byte) (i + 1 - HEADER);
        measured[9] = (byte) ((i + 1 - HEADER) >> 8);
        return measured;
      }
    }
    return file;
  }
}
