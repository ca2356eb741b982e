package dev.lanewise.cli.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DigitPreparationTest {
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
}
