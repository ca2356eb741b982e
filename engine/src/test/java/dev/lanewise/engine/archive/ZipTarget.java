package dev.lanewise.engine.archive;

import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.FuzzTarget;
import java.util.List;
import java.util.Set;

/** Zip files whose checksums are right: the directory, the headers, and every member unpacked. */
public final class ZipTarget {
  private static final int MOST_EXPANSION = 100;

  /** Each member's bytes, and in the repair of the checksums, too. */
  public static final FuzzTarget<Set<String>> TARGET =
      new FuzzTarget<>(
          "zip",
          ZipTarget::read,
          List.of(ArchiveException.class),
          2 << 20,
          4 * MOST_EXPANSION,
          names -> names.size() == 3 && names.contains("ab/c"));

  private ZipTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, ZipTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }

  private static Set<String> read(byte[] file) {
    ZipArchive archive = ZipArchive.of(SoundZip.of(file), "some.zip");
    archive.names().forEach(name -> archive.read(name, MOST_EXPANSION));
    return archive.names();
  }
}
