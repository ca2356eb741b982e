package dev.lanewise.cli.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.tensor.Shape;
import org.junit.jupiter.api.Test;

/** Samples of any number of axes are shown as pictures. */
class TileTest {
  private static Tile second(Dataset data) {
    return Tile.of(data, 1, "it");
  }

  @Test
  void bytesOfAPictureAreShownAsTheyAre() {
    byte[] pixels = {0, 0, 0, 0, 0, 0, 1, 2, 3, (byte) 250, 5, 6};
    Tile tile = second(Dataset.ofBytes(Shape.of(2, 3), pixels, new int[2], 1));
    assertThat(tile.rows()).isEqualTo(2);
    assertThat(tile.columns()).isEqualTo(3);
    assertThat(tile.levels()).containsExactly(1, 2, 3, 250, 5, 6);
  }

  @Test
  void floatsOfARowAreStretched() {
    Tile tile = second(Dataset.of(Shape.of(3), new float[] {9, 9, 9, -1, 0, 3}, new int[2], 1));
    assertThat(tile.rows()).isEqualTo(1);
    assertThat(tile.levels()).containsExactly(0, 64, 255);
  }

  @Test
  void ofChannelsTheMeanIsShown() {
    byte[] pixels = {0, 0, 0, 0, 10, 20, (byte) 200, (byte) 250};
    Tile tile = second(Dataset.ofBytes(Shape.of(1, 2, 2), pixels, new int[2], 1));
    assertThat(tile.rows()).isEqualTo(1);
    assertThat(tile.columns()).isEqualTo(2);
    assertThat(tile.levels()).containsExactly(15, 225);
  }

  @Test
  void picturesBehindOneAnotherStandSideBySide() {
    byte[] pixels = new byte[16];
    for (int i = 0; i < 8; i++) {
      pixels[8 + i] = (byte) i; // [steps, rows, columns, 1]
    }
    Tile tile = second(Dataset.ofBytes(Shape.of(2, 2, 2, 1), pixels, new int[2], 1));
    assertThat(tile.rows()).isEqualTo(2);
    assertThat(tile.columns()).isEqualTo(4);
    assertThat(tile.levels()).containsExactly(0, 1, 4, 5, 2, 3, 6, 7);
  }
}
