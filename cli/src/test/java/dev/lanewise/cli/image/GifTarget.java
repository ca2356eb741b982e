package dev.lanewise.cli.image;

import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.FuzzTarget;

/** GIFs as they are, which have no checksums. */
public final class GifTarget {
  /** See {@link Pictures}. */
  public static final FuzzTarget<PictureFile.Decoded> TARGET = Pictures.of("gif", file -> file);

  private GifTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, GifTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }
}
