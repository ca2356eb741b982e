package dev.lanewise.cli.image;

import dev.lanewise.engine.data.FormatException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Decodes PNG, JPEG, GIF and BMP files to grey levels, after a look at the size that they claim.
 */
public final class PictureFile {
  private static final long MOST_BYTES = 64 << 20;
  private static final long MOST_PIXELS = 64 << 20;

  /** The first four bytes of a PNG, of the two common kinds of JPEG, and of a GIF. */
  private static final List<byte[]> MAGICS =
      Stream.of("89504e47", "ffd8ffe0", "ffd8ffe1", "47494638")
          .map(HexFormat.of()::parseHex)
          .toList();

  private PictureFile() {}

  /**
   * Reads a picture.
   *
   * @throws FormatException if it is missing, no picture, or too large
   */
  public static Grey read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        String found = Files.isDirectory(file) ? "expected a file, found a folder" : "no such file";
        throw new FormatException(file + ": " + found);
      }
      if (Files.size(file) > MOST_BYTES) {
        throw new FormatException(file + ": is larger than 64 MiB");
      }
      return decode(file, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Returns whether a file is a picture by its name, or by its first bytes. */
  public static boolean is(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.matches(".*[.](png|jpe?g|gif|bmp)")) {
      return true;
    }
    if (name.matches(".*[.](npy|csv)") || !Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] first = in.readNBytes(4);
      return MAGICS.stream().anyMatch(magic -> Arrays.equals(magic, first));
    } catch (IOException e) {
      return false; // whoever reads it says why
    }
  }

  private static Grey decode(Path file, byte[] bytes) {
    ImageIO.setUseCache(false); // no file beside the user's
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new FormatException(file + ": expected a PNG, JPEG, GIF or BMP picture");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > MOST_PIXELS) {
          throw new FormatException(
              file
                  + ": claims "
                  + reader.getWidth(0)
                  + " x "
                  + reader.getHeight(0)
                  + " pixels, at most 64 million are decoded");
        }
        return grey(reader.read(0));
      } finally {
        reader.dispose();
      }
    } catch (FormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // decoders throw both at damaged files
      throw new FormatException(file + ": the picture is damaged (" + e.getMessage() + ")");
    }
  }

  /** What is transparent is white, as on paper. */
  private static Grey grey(BufferedImage image) {
    Grey grey = new Grey(image.getHeight(), image.getWidth());
    for (int y = 0; y < grey.rows(); y++) {
      for (int x = 0; x < grey.columns(); x++) {
        int argb = image.getRGB(x, y);
        double alpha = (argb >>> 24) / 255.0;
        double luma =
            0.299 * ((argb >> 16) & 0xFF) + 0.587 * ((argb >> 8) & 0xFF) + 0.114 * (argb & 0xFF);
        grey.set(y, x, (float) (alpha * luma + (1 - alpha) * 255));
      }
    }
    return grey;
  }
}
