package dev.lanewise.engine.data;

import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.FuzzTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

/** IDX files as they are, raw or gzipped: images, or labels where the magic number says so. */
public final class IdxTarget {
  /** Buffers, and what deflate may unpack to, once in chunks and once whole. */
  public static final FuzzTarget<IdxFile> TARGET =
      new FuzzTarget<>(
          "idx",
          IdxTarget::read,
          List.of(FormatException.class),
          1 << 20,
          3 * 1032,
          file -> file.sizes().length == 3 && file.sizes()[1] == 5 && file.sizes()[2] == 7);

  private IdxTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, IdxTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }

  static IdxFile read(byte[] file) throws IOException {
    boolean labels = file.length > 3 && file[3] == 1;
    return IdxFile.read(
        new ByteArrayInputStream(file),
        file.length,
        "some.idx",
        labels ? 1 : 3,
        labels ? "labels" : "images");
  }
}
