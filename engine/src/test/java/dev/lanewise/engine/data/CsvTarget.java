package dev.lanewise.engine.data;

import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.FuzzTarget;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/** Tables as text: with labels, with numbers to learn, and without either. */
public final class CsvTarget {
  /** A cell is a string while it is looked at, a double, and a float in an array that grows. */
  public static final FuzzTarget<int[]> TARGET =
      new FuzzTarget<>(
          "csv",
          CsvTarget::read,
          List.of(FormatException.class),
          1 << 20,
          1024,
          size -> size[0] == 5 && size[1] == 3);

  private CsvTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, CsvTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }

  private static int[] read(byte[] file) {
    FormatException refused = null;
    for (boolean numbers : new boolean[] {false, true}) {
      try {
        CsvTable table = new CsvTable(file, "train.csv", true, numbers);
        table.requireColumnsOf(new CsvTable(file, "test.csv", true, numbers));
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
