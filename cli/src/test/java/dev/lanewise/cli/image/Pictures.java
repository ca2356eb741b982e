package dev.lanewise.cli.image;

import dev.lanewise.cli.image.PictureFile.Decoded;
import dev.lanewise.engine.fuzz.FuzzTarget;
import java.util.List;
import java.util.function.UnaryOperator;

/** What the targets of pictures have in common: they are decoded, and made digits of. */
final class Pictures {
  /**
   * The most that a picture of 4 KiB may claim, by {@code PictureParts.room}, takes when it is
   * read.
   */
  private static final long BYTES_EACH = 1 << 15;

  private Pictures() {}

  /**
   * Returns a target.
   *
   * @param name of the format, and of the corpus
   * @param sound makes checksums right
   */
  static FuzzTarget<Decoded> of(String name, UnaryOperator<byte[]> sound) {
    return new FuzzTarget<>(
        name,
        file -> decoded(sound.apply(file)),
        List.of(PictureException.class),
        4 << 20,
        BYTES_EACH,
        picture -> picture.grey().rows() == 3);
  }

  private static Decoded decoded(byte[] file) throws PictureException {
    Decoded decoded = PictureFile.decoded(file);
    DigitPreparation digit = DigitPreparation.of(decoded.grey());
    if (digit.pixels().length != DigitPreparation.SIDE * DigitPreparation.SIDE) {
      throw new AssertionError("a digit of " + digit.pixels().length + " pixels");
    }
    return decoded;
  }
}
