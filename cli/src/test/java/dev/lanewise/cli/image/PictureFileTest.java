package dev.lanewise.cli.image;

import static dev.lanewise.cli.image.PictureBuilder.chunk;
import static dev.lanewise.cli.image.PictureBuilder.hex;
import static dev.lanewise.cli.image.PictureBuilder.joined;
import static dev.lanewise.cli.image.PictureBuilder.orientation;
import static dev.lanewise.cli.image.PictureBuilder.png;
import static dev.lanewise.cli.image.PictureBuilder.ramp;
import static dev.lanewise.cli.image.PictureBuilder.withSegment;
import static dev.lanewise.cli.image.PictureBuilder.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.data.FormatException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is stored in a picture's file is what is read from it. */
class PictureFileTest {
  private static final int[] GREY = {8, 0, 0};

  @TempDir Path folder;

  private PictureFile.Decoded read(byte[] file) throws IOException {
    return PictureFile.read(Files.write(folder.resolve("picture"), file));
  }

  private void refused(byte[] file, String message) throws IOException {
    Path path = Files.write(folder.resolve("picture"), file);
    assertThatThrownBy(() -> PictureFile.read(path))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(path + ": ")
        .hasMessageContaining(message);
  }

  private static float[] levels(Grey grey) {
    float[] levels = new float[grey.rows() * grey.columns()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = grey.get(i / grey.columns(), i % grey.columns());
    }
    return levels;
  }

  @ParameterizedTest
  @CsvSource({"png, 10", "png, 1", "png, 2", "bmp, 10", "bmp, 1", "bmp, 5", "gif, 10", "png, 6"})
  void everyLevelIsTakenAsItIsStored(String format, int type) throws IOException {
    float[] levels = levels(read(written(ramp(type), format)).grey());
    for (int i = 0; i < 256; i++) {
      assertThat(levels[i]).as("level " + i).isCloseTo(i, within(1e-3f));
    }
  }

  @Test
  void aGreyJpegHasTheLevelsOfTheSamePictureInColour() throws IOException {
    float[] grey = levels(read(written(ramp(BufferedImage.TYPE_BYTE_GRAY), "jpg")).grey());
    float[] colour = levels(read(written(ramp(BufferedImage.TYPE_INT_RGB), "jpg")).grey());
    for (int i = 0; i < 256; i++) {
      assertThat(grey[i]).isCloseTo(i, within(8f));
      assertThat(colour[i]).isCloseTo(grey[i], within(1.01f));
    }
  }

  @Test
  void sixteenBitsAreRoundedAndItIsSaid() throws IOException {
    byte[] row = hex("00 0000 8080 ffff 00ff");
    PictureFile.Decoded picture = read(png(4, 1, new int[] {16, 0, 0}, row));
    assertThat(levels(picture.grey())).containsExactly(0, 128, 255, 255 * 255 / 65535f);
    assertThat(picture.notes()).containsExactly("16 bits rounded to 8");
  }

  @ParameterizedTest
  @CsvSource({"1, 00a0, 255 0 255", "2, 001b00, 0 85 170 255", "4, 000f8000, 0 255 136"})
  void fewBitsAreLevelsFromBlackToWhite(int depth, String row, String expected) throws IOException {
    String[] values = expected.split(" ");
    byte[] data = Arrays.copyOf(hex(row), 1 + (values.length * depth + 7) / 8);
    float[] levels = levels(read(png(values.length, 1, new int[] {depth, 0, 0}, data)).grey());
    for (int i = 0; i < values.length; i++) {
      assertThat(levels[i]).isEqualTo(Float.parseFloat(values[i]));
    }
  }

  @Test
  void paletteAndInterlacingMeanTheSamePixels() throws IOException {
    byte[] palette = chunk("PLTE", hex("808080 000000 ffffff"));
    assertThat(levels(read(png(3, 1, new int[] {8, 3, 0}, hex("00 000102"), palette)).grey()))
        .containsExactly(128, 0, 255);
    byte[] passes = hex("00 80  00 01  00 02 03"); // 2 x 2: passes 1, 6 and 7 have pixels
    assertThat(levels(read(png(2, 2, new int[] {8, 0, 1}, passes)).grey()))
        .containsExactly(128, 1, 2, 3);
  }

  @ParameterizedTest
  @CsvSource({
    "gAMA, 000186a0, gamma 1.00 not applied",
    "gAMA, 0000b18f, ",
    "sRGB, 00, ",
    "tEXt, 61006a, ",
    "iCCP, 78000000, colour profile not applied",
    "cICP, 09100001, colour profile not applied",
  })
  void whatWouldChangeColoursIsNotAppliedAndSaid(String chunk, String content, String note)
      throws IOException {
    byte[] data = hex("00 80 40");
    PictureFile.Decoded picture = read(png(2, 1, GREY, data, chunk(chunk, hex(content))));
    assertThat(levels(picture.grey())).containsExactly(128, 64);
    assertThat(picture.notes()).isEqualTo(note == null ? List.of() : List.of(note));
  }

  @Test
  void aJpegsProfileIsNotAppliedAndSaid() throws IOException {
    byte[] plain = written(ramp(BufferedImage.TYPE_INT_RGB), "jpg");
    byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    byte[] named = joined("ICC_PROFILE\0\1\1".getBytes(StandardCharsets.ISO_8859_1), profile);
    PictureFile.Decoded picture = read(withSegment(plain, 0xE2, named));
    assertThat(levels(picture.grey())).isEqualTo(levels(read(plain).grey()));
    assertThat(picture.notes()).containsExactly("colour profile not applied");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1 2 3 4 5 6, 3", "2, 3 2 1 6 5 4, 3", "3, 6 5 4 3 2 1, 3", "4, 4 5 6 1 2 3, 3",
    "5, 1 4 2 5 3 6, 2", "6, 4 1 5 2 6 3, 2", "7, 6 3 5 2 4 1, 2", "8, 3 6 2 5 1 4, 2",
  })
  void aPictureIsTurnedAsItWasTaken(int number, String expected, int columns) throws IOException {
    byte[] data = hex("00 010203 00 040506");
    Grey grey = read(png(3, 2, GREY, data, chunk("eXIf", orientation(number)))).grey();
    assertThat(grey.columns()).isEqualTo(columns);
    StringBuilder levels = new StringBuilder();
    for (float level : levels(grey)) {
      levels.append((int) level).append(' ');
    }
    assertThat(levels.toString().strip()).isEqualTo(expected);
  }

  @Test
  void aCamerasPictureIsTurnedAndItIsSaid() throws IOException {
    byte[] plain = written(new BufferedImage(24, 8, BufferedImage.TYPE_BYTE_GRAY), "jpg");
    byte[] exif = joined("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1), orientation(6));
    PictureFile.Decoded picture = read(withSegment(plain, 0xE1, exif));
    assertThat(picture.grey().columns()).isEqualTo(8);
    assertThat(picture.notes()).containsExactly("turned as its EXIF data say");
    assertThat(
            read(withSegment(plain, 0xE1, "http://xmp".getBytes(StandardCharsets.ISO_8859_1)))
                .notes())
        .isEmpty();
    refused(
        withSegment(plain, 0xE1, "Exif\0\0II".getBytes(StandardCharsets.ISO_8859_1)), "ends after");
  }

  private PictureFile.Decoded transparent(int ink, int ground) throws IOException {
    BufferedImage image = new BufferedImage(6, 5, BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < 30; i++) {
      image.setRGB(i % 6, i / 6, ground);
    }
    image.setRGB(2, 3, ink);
    return read(written(image, "png"));
  }

  @Test
  void inkOnATransparentGroundIsSeen() throws IOException {
    Grey dark = transparent(0xFF000000, 0).grey();
    assertThat(dark.get(3, 2)).isZero();
    assertThat(dark.get(0, 0)).isEqualTo(255);
    PictureFile.Decoded light = transparent(0xFFFFFFFF, 0);
    assertThat(light.grey().get(3, 2)).isEqualTo(255);
    assertThat(light.grey().get(0, 0)).isZero();
    assertThat(light.notes()).containsExactly("transparent ground taken as black");
    assertThat(transparent(0x80FFFFFF, 0).grey().get(3, 2)).isCloseTo(128, within(0.01f));
    assertThat(transparent(0xFFE0E0E0, 0).grey().get(0, 0)).isZero();
    assertThat(transparent(0xFF101010, 0xFFFAFAFA).notes()).isEmpty();
    Grey card = transparent(0, 0xFF000000).grey(); // a hole in black
    assertThat(card.get(3, 2)).isEqualTo(255);
    assertThat(transparent(0, 0).grey().get(0, 0)).isEqualTo(255);
  }

  @Test
  void aTransparentColourOfGreyIsTransparent() throws IOException {
    byte[] key = chunk("tRNS", hex("0007"));
    PictureFile.Decoded picture = read(png(3, 1, GREY, hex("00 07ff07"), key));
    assertThat(levels(picture.grey())).containsExactly(0, 255, 0);
    byte[] palette = joined(chunk("PLTE", hex("000000 000000")), chunk("tRNS", hex("00ff")));
    assertThat(levels(read(png(2, 1, new int[] {8, 3, 0}, hex("00 0001"), palette)).grey()))
        .containsExactly(255, 0);
  }

  @Test
  void coloursThatAreNotReadAreNamed() throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.setOutput(ImageIO.createImageOutputStream(out));
    Raster cmyk = Raster.createInterleavedRaster(0, 8, 8, 4, null);
    writer.write(new IIOImage(cmyk, null, null));
    writer.dispose();
    refused(out.toByteArray(), "is a JPEG in CMYK, those in grey or RGB are read");
    byte[] jpeg = written(ramp(BufferedImage.TYPE_BYTE_GRAY), "jpg");
    for (int i = 0; i < jpeg.length - 1; i++) {
      if (jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) 0xC0) {
        jpeg[i + 1] = (byte) 0xC9;
      }
    }
    refused(jpeg, "arithmetic-coded JPEG; baseline and progressive ones are read");
  }

  /** A GIF whose screen is larger than its picture, or which has several. */
  private static byte[] gif(int screen, int pictures, int columns, int rows) {
    byte[] picture = written(new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_BINARY), "gif");
    int start = picture.length;
    for (int i = 13; i < picture.length && start == picture.length; i++) {
      start = picture[i] == 0x2C ? i : start;
    }
    byte[] header = Arrays.copyOf(picture, start);
    header[6] = (byte) screen;
    header[8] = (byte) screen;
    byte[] image = Arrays.copyOfRange(picture, start, picture.length - 1);
    image[1] = 1;
    ByteBuffer.wrap(image)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(5, (short) columns)
        .putShort(7, (short) rows);
    byte[] all = header;
    for (int i = 0; i < pictures; i++) {
      all = joined(all, image);
    }
    return joined(all, hex("3b"));
  }

  @Test
  void aGifLiesOnItsScreen() throws IOException {
    Grey grey = read(gif(6, 1, 3, 2)).grey();
    assertThat(grey.rows()).isEqualTo(6);
    assertThat(grey.columns()).isEqualTo(6);
    assertThat(levels(grey)).startsWith(255, 0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255);
    refused(gif(6, 2, 3, 2), "is an animation of 2 pictures, expected one");
    refused(gif(2, 1, 3, 2), "its 3 x 2 pixels do not fit its 2 x 2");
    refused(gif(6, 1, 3, 3), "its data end after 66 % of the pixels");
    refused(png(1, 1, GREY, hex("0000"), chunk("acTL", hex("00000002 00000000"))), "of 2 pictures");
  }
}
