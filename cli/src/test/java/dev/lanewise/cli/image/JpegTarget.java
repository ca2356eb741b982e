package dev.lanewise.cli.image;

import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.FuzzTarget;

/** JPEGs as they are, which have no checksums; their EXIF data has a target of its own. */
public final class JpegTarget {
  /** See {@link Pictures}. */
  public static final FuzzTarget<PictureFile.Decoded> TARGET = Pictures.of("jpeg", file -> file);

  private JpegTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, JpegTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }
}
