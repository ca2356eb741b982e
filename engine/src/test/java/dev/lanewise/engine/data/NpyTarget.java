package dev.lanewise.engine.data;

import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.FuzzTarget;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NumPy's arrays with a header whose length is right; where there are not the bytes that the shape
 * needs, with as many as that, too.
 */
public final class NpyTarget {
  /** The most bytes of data that are put behind a file. */
  private static final long MOST_MISSING = 4096;

  /**
   * The header as text, a float of each byte, a whole number of each, copies of them, and a file.
   */
  public static final FuzzTarget<int[]> TARGET =
      new FuzzTarget<>(
          "npy",
          file -> read(sized(measured(file))),
          List.of(FormatException.class),
          (1 << 20) + 64 * MOST_MISSING,
          64,
          sizes -> sizes.length == 2 && sizes[0] == 7);

  private static final int HEADER = 10;
  private static final Pattern CLAIM =
      Pattern.compile("needs (\\d{1,9}) bytes, there are (\\d{1,9})$");

  private NpyTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, NpyTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }

  /** Returns a file with as many bytes of data as its header claims, if the parser says so. */
  private static byte[] sized(byte[] file) {
    try {
      Npy.of(file, "some.npy");
    } catch (FormatException e) {
      Matcher claim = CLAIM.matcher(String.valueOf(e.getMessage()));
      long missing = 0;
      if (claim.find()) {
        missing = Long.parseLong(claim.group(1)) - Long.parseLong(claim.group(2));
      }
      if (missing != 0 && Math.abs(missing) < MOST_MISSING) {
        return Arrays.copyOf(file, (int) (file.length + missing));
      }
    }
    return file;
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
