package dev.lanewise.cli.run;

import dev.lanewise.engine.data.FormatException;
import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.Edits;
import dev.lanewise.engine.fuzz.FuzzTarget;
import dev.lanewise.engine.fuzz.JsonEdits;
import dev.lanewise.engine.fuzz.TextEdits;
import dev.lanewise.engine.train.History;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Histories of runs, as JSON where the first byte is a brace and else as a table; and whole runs.
 */
public final class HistoryTarget {
  /** JSON as objects, and maps of what epochs reported. */
  public static final FuzzTarget<History> TARGET =
      new FuzzTarget<>(
          "history",
          HistoryTarget::read,
          List.of(FormatException.class),
          1 << 20,
          2048,
          history -> history.epoch().size() == 3 && history.epoch().get(1) > 1_000_000,
          Edits.of(HistoryTarget.class, HistoryTarget::edited));

  private HistoryTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, HistoryTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }

  private static History read(byte[] file) {
    String text = new String(file, StandardCharsets.UTF_8);
    if (!text.startsWith("{")) {
      return HistoryFiles.history("history.csv", text);
    }
    try {
      RunRecord run = HistoryFiles.run("history.json", text);
      String written = HistoryFiles.json(run);
      if (!HistoryFiles.json(HistoryFiles.run("again.json", written)).equals(written)) {
        throw new AssertionError("a run changes when it is written and read");
      }
    } catch (FormatException e) {
      return HistoryFiles.history("history.json", text); // Keras's own have no more than this
    }
    return HistoryFiles.history("history.json", text);
  }

  private static byte[] edited(byte[] file, List<byte[]> edits) {
    return file.length > 0 && file[0] == '{'
        ? JsonEdits.edited(file, edits)
        : TextEdits.edited(file, edits);
  }
}
