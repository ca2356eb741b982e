package dev.lanewise.engine.data;

import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.Edits;
import dev.lanewise.engine.fuzz.FuzzTarget;
import dev.lanewise.engine.fuzz.TextEdits;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Tables as text: with labels, with numbers to learn, and without either. What stands behind a
 * record separator of ASCII is a test set; without one, the test set is the training set.
 */
public final class CsvTarget {
  /** Of a header each cell may look like a number and be none, which costs an exception. */
  public static final FuzzTarget<int[]> TARGET =
      new FuzzTarget<>(
          "csv",
          CsvTarget::read,
          List.of(FormatException.class),
          1 << 20,
          12_288,
          size -> size[0] == 5 && size[1] == 3,
          Edits.of(CsvTarget.class, TextEdits::edited));

  private static final byte SEPARATOR = 0x1E;

  private CsvTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, CsvTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }

  private static int[] read(byte[] both) {
    int end = 0;
    while (end < both.length && both[end] != SEPARATOR) {
      end++;
    }
    byte[] file = Arrays.copyOf(both, end);
    byte[] test = end == both.length ? file : Arrays.copyOfRange(both, end + 1, both.length);
    FormatException refused = null;
    for (boolean numbers : new boolean[] {false, true}) {
      try {
        CsvTable table = new CsvTable(file, "train.csv", true, numbers);
        table.requireColumnsOf(new CsvTable(test, "test.csv", true, numbers));
        table.features();
        table.targets();
      } catch (FormatException e) {
        refused = e;
      }
    }
    CsvFile.samples(file, "some.csv", Shape.of(1, 1), true, Scaling.AUTO);
    if (refused != null) {
      throw refused;
    }
    CsvTable table = new CsvTable(file, "train.csv", true, false);
    return new int[] {table.rows(), table.width()};
  }
}
