package dev.lanewise.cli.image;

import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.FuzzTarget;

/** BMPs as they are, which have no checksums. */
public final class BmpTarget {
  /** See {@link Pictures}. */
  public static final FuzzTarget<PictureFile.Decoded> TARGET = Pictures.of("bmp", file -> file);

  private BmpTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, BmpTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }
}
