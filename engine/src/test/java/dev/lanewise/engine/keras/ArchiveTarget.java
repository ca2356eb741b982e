package dev.lanewise.engine.keras;

import dev.lanewise.engine.archive.SoundZip;
import dev.lanewise.engine.archive.ZipEdits;
import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.Edits;
import dev.lanewise.engine.fuzz.FuzzTarget;
import dev.lanewise.engine.fuzz.JsonEdits;
import java.util.List;

/** {@code .keras} files whose checksums are right. */
public final class ArchiveTarget {
  /** What a member may unpack to, and its parts as objects. */
  public static final FuzzTarget<SavedModel> TARGET =
      new FuzzTarget<>(
          "keras",
          file -> new ModelReader("some.keras", SoundZip.of(file)).model(),
          List.of(ModelFormatException.class),
          8 << 20,
          64 * 100,
          LegacyTarget::isPlanted,
          Edits.of(ArchiveTarget.class, ZipEdits.of(ArchiveTarget::edited)));

  private ArchiveTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, ArchiveTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }

  private static byte[] edited(String name, byte[] member, List<byte[]> edits) {
    return name.endsWith(".json")
        ? JsonEdits.edited(member, edits)
        : Hdf5Edits.edited(member, edits);
  }
}
