package dev.lanewise.engine.kernel.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class GemmTilesTest {
  private static final int MOST = 300;

  @Test
  void stripsAddUpToTheRows() {
    for (int rows = 1; rows <= MOST; rows++) {
      for (IntUnaryOperator next : choices()) {
        assertThat(strips(rows, next).stream().mapToInt(i -> i).sum()).isEqualTo(rows);
      }
      int taken = 0;
      while (taken < rows) {
        int count = GemmTiles.stripRows(rows - taken, 150L * 150, 150);
        assertThat(count).isBetween(1, rows - taken);
        taken += count;
      }
    }
  }

  @Test
  void manyRowsLeaveNoThinStrip() {
    for (int rows = 12; rows <= MOST; rows++) {
      assertThat(strips(rows, GemmTiles::wideRows))
          .as("%d rows, wide panels", rows)
          .allMatch(strip -> strip == 4 || strip == 5);
      assertThat(strips(rows, GemmTiles::narrowRows))
          .as("%d rows, narrow panels", rows)
          .allMatch(strip -> strip >= 4 && strip <= 6);
    }
  }

  @Test
  void aStripTakesTilesOfTheWholeProduct() {
    for (int rows = 1; rows <= MOST; rows++) {
      for (int columns : new int[] {16, 80, 150, 1024}) {
        List<Integer> parts = new ArrayList<>();
        for (int left = rows; left > 0; ) {
          int count = GemmTiles.stripRows(left, (long) columns * columns, columns);
          parts.addAll(strips(count, GemmTiles::rows));
          left -= count;
        }
        List<Integer> whole = strips(rows, GemmTiles::rows);
        assertThat(parts.stream().filter(strip -> strip < 4).count())
            .as("thin strips of %d rows and %d columns", rows, columns)
            .isLessThanOrEqualTo(whole.stream().filter(strip -> strip < 4).count());
      }
    }
  }

  private static List<IntUnaryOperator> choices() {
    return List.of(GemmTiles::wideRows, GemmTiles::narrowRows);
  }

  private static List<Integer> strips(int rows, IntUnaryOperator next) {
    List<Integer> strips = new ArrayList<>();
    for (int left = rows; left > 0; left -= strips.getLast()) {
      strips.add(next.applyAsInt(left));
    }
    return strips;
  }
}
