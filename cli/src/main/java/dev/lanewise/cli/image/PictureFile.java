package dev.lanewise.cli.image;

import dev.lanewise.engine.data.FormatException;
import dev.lanewise.engine.data.Signature;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Decodes PNG, JPEG, GIF and BMP files to the grey levels that are stored in them, after a look at
 * the size that they claim.
 */
public final class PictureFile {
  private static final long MOST_BYTES = 64 << 20;
  static final long MOST_PIXELS = 64 << 20;

  /** What a pixel takes while it is decoded, and again while the picture is prepared. */
  private static final long BYTES_A_PIXEL = 16;

  private PictureFile() {}

  /**
   * A decoded picture.
   *
   * @param grey its levels
   * @param notes what was made of it on the way, in words
   */
  public record Decoded(Grey grey, List<String> notes) {}

  /**
   * Reads a picture.
   *
   * @throws FormatException if it is missing, no picture, or too large
   */
  public static Decoded read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        String found = Files.isDirectory(file) ? "a folder" : "a device or a pipe";
        throw new FormatException(
            file + (Files.exists(file) ? ": expected a file, found " + found : ": no such file"));
      }
      if (Files.size(file) > MOST_BYTES) {
        throw new FormatException(file + ": is larger than 64 MiB");
      }
      return decoded(Files.readAllBytes(file));
    } catch (PictureException e) {
      throw new FormatException(file + ": " + e.getMessage());
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
      return PictureFormat.of(in.readNBytes(8)) != null;
    } catch (IOException e) {
      return false; // whoever reads it says why
    }
  }

  /** Decodes all of a file. */
  static Decoded decoded(byte[] bytes) throws PictureException {
    PictureFormat format = PictureFormat.of(bytes);
    if (format == null) {
      throw new PictureException(
          "is " + Signature.of(bytes) + ", expected a PNG, JPEG, GIF or BMP picture");
    }
    PictureParts parts = format.parts(bytes);
    requireRoom(parts, bytes.length);
    List<String> notes = new ArrayList<>(parts.notes());
    Grey grey = GreyLevels.of(decoded(parts), parts.frame(), notes);
    if (parts.orientation() != 1) {
      notes.add("turned as its EXIF data say");
    }
    return new Decoded(Exif.turned(grey, parts.orientation()), notes);
  }

  /** Nothing is allocated for pixels that the file cannot hold, or the heap. */
  private static void requireRoom(PictureParts parts, int length) throws PictureException {
    String claim = "claims " + parts.frame().columns() + " x " + parts.frame().rows() + " pixels, ";
    if (parts.pixels() > MOST_PIXELS) {
      throw new PictureException(claim + "at most 64 million are decoded");
    }
    if (parts.pixels() > parts.room()) {
      throw new PictureException(claim + "more than its " + length + " bytes can hold");
    }
    long most = Runtime.getRuntime().maxMemory() / 4 * 3 / BYTES_A_PIXEL;
    if (parts.pixels() > most) {
      throw new PictureException(
          claim + "the heap has room for " + most + "; make it smaller, or raise -Xmx");
    }
  }

  private static BufferedImage decoded(PictureParts parts) throws PictureException {
    ImageIO.setUseCache(false); // no file beside the user's
    ImageReader reader = ImageIO.getImageReadersByFormatName(parts.format()).next();
    Faults faults = new Faults();
    try (ImageInputStream in =
        ImageIO.createImageInputStream(new ByteArrayInputStream(parts.bare()))) {
      reader.setInput(in, true, true);
      reader.addIIOReadWarningListener(faults);
      reader.addIIOReadProgressListener(faults);
      if (reader.getWidth(0) != parts.columns() || reader.getHeight(0) != parts.rows()) {
        throw PictureBytes.damaged("its sizes contradict each other");
      }
      BufferedImage image = reader.read(0);
      faults.requireNone(parts.format());
      return image;
    } catch (IOException | RuntimeException e) { // decoders throw both at damaged files
      throw PictureBytes.damaged(String.valueOf(e.getMessage()));
    } finally {
      reader.dispose();
    }
  }
}
