package dev.lanewise.engine.data;

import dev.lanewise.engine.archive.SoundZip;
import dev.lanewise.engine.archive.ZipEdits;
import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.Edits;
import dev.lanewise.engine.fuzz.FuzzTarget;
import java.util.List;

/** Archives of arrays whose checksums are right: the directory, the headers, what is packed. */
public final class NpzTarget {
  /** Deflate's best for whole members, and floats of them. */
  public static final FuzzTarget<DataSplits> TARGET =
      new FuzzTarget<>(
          "npz",
          file -> read(SoundZip.of(file)),
          List.of(FormatException.class),
          1 << 20,
          16 * 1032,
          splits -> splits.train().size() == 3,
          Edits.of(
              NpzTarget.class, ZipEdits.of((_, member, edits) -> NpyEdits.edited(member, edits))));

  private NpzTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, NpzTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }

  static DataSplits read(byte[] file) {
    KerasNpz.inputs(file, "some.npz");
    try { // of a model whose answers are two labels, or a number
      KerasNpz.of(file, "some.npz", new Reading(Scaling.NONE, 3, 2, 1));
    } catch (FormatException e) {
      return KerasNpz.of(file, "some.npz", Reading.PLAIN);
    }
    return KerasNpz.of(file, "some.npz", Reading.PLAIN);
  }
}
