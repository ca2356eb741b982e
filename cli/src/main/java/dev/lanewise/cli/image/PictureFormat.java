package dev.lanewise.cli.image;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The kinds of pictures that are decoded, by their first bytes. */
enum PictureFormat {
  PNG("89504e470d0a1a0a"),
  JPEG("ffd8ff"),
  GIF("474946383"),
  BMP("424d");

  private final String signature;

  PictureFormat(String signature) {
    this.signature = signature;
  }

  /** Returns the format of a file, or null if it is none of these. */
  static @Nullable PictureFormat of(byte[] file) {
    String hex = HexFormat.of().formatHex(Arrays.copyOf(file, 8));
    return Arrays.stream(values())
        .filter(format -> hex.startsWith(format.signature))
        .findFirst()
        .orElse(null);
  }

  PictureParts parts(byte[] file) throws PictureException {
    return switch (this) {
      case PNG -> PngParts.of(file);
      case JPEG -> JpegParts.of(file);
      case GIF -> GifParts.of(file);
      case BMP -> BmpParts.of(file);
    };
  }
}
