package dev.lanewise.engine.data;

import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.FuzzTarget;
import java.io.IOException;
import java.util.List;

/** IDX files that are gzipped soundly, so that what is fuzzed stands behind the checksum. */
public final class IdxGzipTarget {
  public static final FuzzTarget<IdxFile> TARGET =
      new FuzzTarget<>(
          "idx-gzip",
          IdxGzipTarget::read,
          List.of(FormatException.class),
          2 << 20,
          3 * 1032,
          file -> file.sizes().length == 3 && file.sizes()[1] == 5 && file.sizes()[2] == 7);

  private IdxGzipTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, IdxGzipTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] content) {
    TARGET.run(content);
  }

  private static IdxFile read(byte[] content) throws IOException {
    try {
      return IdxTarget.read(IdxBytes.gzip(content));
    } catch (FormatException e) {
      return IdxTarget.read(IdxBytes.gzip(IdxTarget.sized(content)));
    }
  }
}
