package dev.lanewise.engine.archive;

import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.Edits;
import dev.lanewise.engine.fuzz.FuzzTarget;
import java.util.List;

/**
 * Zip files as they are and with checksums that are right: the directory, the headers, and every
 * member unpacked.
 */
public final class ZipTarget {
  private static final int MOST_EXPANSION = 100;
  private static final String NONE = "none";

  /** Each member's bytes, twice, and in the repair of the checksums, too. */
  public static final FuzzTarget<List<byte[]>> TARGET =
      new FuzzTarget<>(
          "zip",
          ZipTarget::read,
          List.of(ArchiveException.class),
          2 << 20,
          6 * MOST_EXPANSION,
          members -> members.stream().anyMatch(m -> m.length > 1 && m[0] == 'q' && m[1] == 'z'),
          Edits.of(ZipTarget.class, ZipEdits.of((_, _, edits) -> edits.getLast())));

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
    try {
      return members(file);
    } catch (ArchiveException e) {
      return members(SoundZip.of(file));
    }
  }

  private static List<byte[]> members(byte[] file) {
    ZipArchive archive = ZipArchive.of(file, "some.zip");
    if (!archive.names().contains(NONE)) {
      requireRefused(archive);
    }
    return archive.names().stream().map(name -> archive.read(name, MOST_EXPANSION)).toList();
  }

  private static void requireRefused(ZipArchive archive) {
    try {
      archive.read(NONE, MOST_EXPANSION);
    } catch (ArchiveException e) {
      return;
    }
    throw new AssertionError("a member is read that is not there");
  }
}
