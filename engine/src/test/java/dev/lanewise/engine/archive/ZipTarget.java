package dev.lanewise.engine.archive;

import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.FuzzTarget;
import java.util.List;

/** Zip files whose checksums are right: the directory, the headers, and every member unpacked. */
public final class ZipTarget {
  private static final int MOST_EXPANSION = 100;

  /** Each member's bytes, and in the repair of the checksums, too. */
  public static final FuzzTarget<List<byte[]>> TARGET =
      new FuzzTarget<>(
          "zip",
          ZipTarget::read,
          List.of(ArchiveException.class),
          2 << 20,
          4 * MOST_EXPANSION,
          members -> members.stream().anyMatch(m -> m.length > 1 && m[0] == 'q' && m[1] == 'z'));

  private ZipTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, ZipTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }

  private static List<byte[]> read(byte[] file) {
    ZipArchive archive = ZipArchive.of(SoundZip.of(file), "some.zip");
    return archive.names().stream().map(name -> archive.read(name, MOST_EXPANSION)).toList();
  }
}
