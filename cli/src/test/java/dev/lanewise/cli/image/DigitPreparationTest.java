package dev.lanewise.cli.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.engine.data.FormatException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigitPreparationTest {
  @TempDir Path folder;

  /** A bar of ink, 10 wide and 40 high, on paper or on black. */
  private static Grey bar(boolean paper) {
    Grey picture = new Grey(90, 120);
    for (int y = 0; y < 90; y++) {
      for (int x = 0; x < 120; x++) {
        boolean ink = y >= 5 && y < 45 && x >= 80 && x < 90;
        picture.set(y, x, ink == paper ? 0 : 255);
      }
    }
    return picture;
  }

  private static double centre(byte[] pixels, boolean rows) {
    double mass = 0;
    double moment = 0;
    for (int i = 0; i < pixels.length; i++) {
      mass += pixels[i] & 0xFF;
      moment += (pixels[i] & 0xFF) * ((rows ? i / 28 : i % 28) + 0.5);
    }
    return moment / mass;
  }

  @Test
  void inkIsScaledToTwentyPixelsAndCentredByMass() {
    DigitPreparation prepared = DigitPreparation.of(bar(false));
    assertThat(prepared.steps())
        .containsExactly("cut from 120 x 90 to 10 x 40", "scaled to 5 x 20", "centred by mass");
    byte[] pixels = prepared.pixels();
    int bright = 0;
    for (byte pixel : pixels) {
      bright += (pixel & 0xFF) == 255 ? 1 : 0;
    }
    assertThat(bright).isEqualTo(5 * 20);
    assertThat(centre(pixels, true)).isCloseTo(14, within(0.51));
    assertThat(centre(pixels, false)).isCloseTo(14, within(0.51));
  }

  @Test
  void inkOnPaperGivesTheSamePicture() {
    DigitPreparation prepared = DigitPreparation.of(bar(true));
    assertThat(prepared.steps()).first().isEqualTo("inverted");
    assertThat(prepared.pixels()).isEqualTo(DigitPreparation.of(bar(false)).pixels());
  }

  @Test
  void aPictureOfMnistsKindIsLeftAlone() {
    Grey picture = new Grey(28, 28);
    picture.set(3, 4, 200);
    DigitPreparation prepared = DigitPreparation.of(picture);
    assertThat(prepared.steps()).containsExactly("taken as it is");
    assertThat(prepared.pixels()[3 * 28 + 4]).isEqualTo((byte) 200);
  }

  @Test
  void blankPaperStaysBlank() {
    Grey paper = new Grey(50, 50);
    for (int i = 0; i < 2500; i++) {
      paper.set(i / 50, i % 50, 255);
    }
    assertThat(DigitPreparation.of(paper).pixels()).containsOnly(0);
    assertThat(DigitPreparation.of(new Grey(1, 1)).steps()).containsExactly("blank");
  }

  @Test
  void picturesAreReadWithWhatIsTransparentAsPaper() throws IOException {
    BufferedImage image = new BufferedImage(6, 5, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(2, 3, 0xFF000000);
    Path file = folder.resolve("digit.png");
    ImageIO.write(image, "png", file.toFile());
    Grey grey = PictureFile.read(file);
    assertThat(grey.rows()).isEqualTo(5);
    assertThat(grey.get(3, 2)).isZero();
    assertThat(grey.get(0, 0)).isEqualTo(255);
  }

  @Test
  void aPictureThatClaimsToBeHugeIsNotDecoded() throws IOException {
    ByteArrayOutputStream small = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY), "png", small);
    byte[] bytes = small.toByteArray();
    ByteBuffer.wrap(bytes).putInt(16, 100_000).putInt(20, 100_000);
    CRC32 crc = new CRC32();
    crc.update(bytes, 12, 17);
    ByteBuffer.wrap(bytes).putInt(29, (int) crc.getValue());
    Path file = Files.write(folder.resolve("huge.png"), bytes);
    assertThatThrownBy(() -> PictureFile.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("claims 100000 x 100000 pixels");
  }

  @Test
  void whatIsNoPictureIsRefusedInOneLine() throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(20, 20, BufferedImage.TYPE_BYTE_GRAY), "png", whole);
    byte[] bytes = whole.toByteArray();
    for (int length = 0; length < bytes.length; length++) {
      Path file = Files.write(folder.resolve("cut.png"), Arrays.copyOf(bytes, length));
      try {
        PictureFile.read(file); // a picture without its very end may still be whole
      } catch (FormatException e) {
        assertThat(e.getMessage()).startsWith(file.toString());
      }
    }
    assertThatThrownBy(() -> PictureFile.read(folder.resolve("none.png")))
        .hasMessageEndingWith("no such file");
  }
}
