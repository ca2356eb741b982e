package dev.lanewise.cli.image;

import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.FuzzTarget;
import java.util.List;

/** EXIF data, as they stand in a JPEG or a PNG. */
public final class ExifTarget {
  /** A copy of the data. */
  public static final FuzzTarget<Integer> TARGET =
      new FuzzTarget<>(
          "exif",
          data -> Exif.orientation(data, 0, data.length),
          List.of(PictureException.class),
          1 << 16,
          8,
          orientation -> orientation == 7);

  private ExifTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, ExifTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    TARGET.run(data);
  }
}
