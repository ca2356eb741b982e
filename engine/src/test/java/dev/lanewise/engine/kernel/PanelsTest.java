package dev.lanewise.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.TensorArena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Right operands in panels. */
class PanelsTest {
  private static final int ROWS = 30;
  private static final int COLUMNS = 75;

  private final CheckedKernels kernels = new CheckedKernels(KernelProvider.kernels());
  private final SplitMix64 random = new SplitMix64(3);
  private final TensorArena arena = new TensorArena("panels");
  private final Matrix whole = matrix(ROWS, COLUMNS);
  private final Panels panels = Panels.of(arena, "b", ROWS, COLUMNS);

  @AfterEach
  void close() {
    arena.close();
  }

  private Matrix matrix(int rows, int columns) {
    Matrix matrix =
        arena.tensor("matrix", Shape.of(rows, columns), Kernels.stride(columns)).matrix();
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        matrix.set(r, c, (float) random.nextGaussian());
      }
    }
    return matrix;
  }

  /** Of some of A's rows, some of B's rows and columns. */
  @ParameterizedTest
  @CsvSource({
    "0, 9, 0, 30, 0, 75",
    "0, 1, 0, 30, 0, 75",
    "2, 7, 4, 17, 16, 59",
    "3, 1, 4, 17, 64, 11",
    "8, 1, 29, 1, 48, 1"
  })
  void aProductHasTheBitsOfThatWithWholeRows(
      int first, int count, int row, int depth, int column, int width) {
    kernels.pack(ROWS, whole, 0, 0, COLUMNS, panels, 0);
    Matrix a = matrix(9, depth + 3);
    Matrix s = matrix(9, width);
    Matrix expected = matrix(9, width);
    Matrix found = matrix(9, width);
    for (int r = 0; r < 9; r++) {
      for (int c = 0; c < width; c++) {
        found.set(r, c, expected.get(r, c));
      }
    }
    Matrix b = whole.tensor().matrix(row, depth, column, width);
    kernels.gemm(first, count, a, 3, b, s, expected);
    kernels.gemm(first, count, a, 3, panels.part(row, depth, column, width), s, found);
    for (int r = 0; r < 9; r++) {
      for (int c = 0; c < width; c++) {
        assertThat(found.get(r, c)).as("row %d, column %d", r, c).isEqualTo(expected.get(r, c));
      }
    }
  }

  /** So many elements that a panel goes through all rows of A before the next. */
  @Test
  void aFarProductHasTheBitsOfThatWithWholeRows() {
    int depth = 250;
    int columns = 16 * 37;
    Panels far = Panels.of(arena, "far", depth, columns);
    Matrix b = matrix(depth, columns);
    kernels.pack(depth, b, 0, 0, columns, far, 0);
    Matrix a = matrix(12, depth);
    Matrix s = matrix(1, columns);
    Matrix expected = matrix(12, columns);
    Matrix found = matrix(12, columns);
    kernels.gemm(0, 12, a, 0, b, s, expected);
    kernels.gemm(0, 12, a, 0, far, s, found);
    for (int r = 0; r < 12; r++) {
      for (int c = 0; c < columns; c++) {
        assertThat(found.get(r, c)).as("row %d, column %d", r, c).isEqualTo(expected.get(r, c));
      }
    }
  }

  /** What a product of A^T reads is the beginning of the room that it is given. */
  @Test
  void gradientsTakeTheFirstRowsAndColumns() {
    Matrix a = matrix(ROWS, 12);
    Matrix expected = matrix(12, 33);
    Matrix found = matrix(12, 33);
    Matrix start = matrix(1, 33);
    kernels.gemmTransposedA(5, 20, a, 0, whole, 32, start, expected);
    kernels.pack(20, whole, 5, 32, 33, panels, 0);
    kernels.gemmTransposedA(5, 20, a, 0, panels, start, found);
    for (int r = 0; r < 12; r++) {
      for (int c = 0; c < 33; c++) {
        assertThat(found.get(r, c)).isEqualTo(expected.get(r, c));
      }
    }
  }

  @Test
  void viewsAreInsideAndBeginWithAPanel() {
    refusedView(() -> panels.part(0, ROWS + 1, 0, COLUMNS));
    refusedView(() -> panels.part(-1, 2, 0, COLUMNS));
    refusedView(() -> panels.part(0, 1, 16, COLUMNS));
    refusedView(() -> panels.part(0, 1, 8, 16));
    refusedView(() -> panels.inOne(8, 16));
    refusedView(() -> panels.inOne(64, 12));
    assertThat(panels.inOne(72, 3).rows()).isEqualTo(ROWS);
    assertThat(panels).hasToString("b [30, 75]");
  }

  @Test
  void operandsThatDoNotFitAreRefused() {
    Matrix c = matrix(4, COLUMNS);
    Matrix s = matrix(1, COLUMNS);
    refused(() -> kernels.gemm(0, 4, matrix(4, ROWS - 1), 0, panels, s, c));
    refused(() -> kernels.gemm(0, 5, matrix(5, ROWS), 0, panels, s, c));
    refused(() -> kernels.gemm(0, 4, matrix(4, ROWS), 0, panels.part(0, ROWS, 0, 70), s, c));
    refused(() -> kernels.gemm(0, 4, matrix(4, ROWS), 0, panels, matrix(2, COLUMNS), c));
    refused(() -> kernels.pack(ROWS, whole, 1, 0, COLUMNS, panels, 0));
    refused(() -> kernels.pack(ROWS, whole, 0, 1, COLUMNS, panels, 0));
    refused(() -> kernels.pack(2, whole, 0, 0, COLUMNS, panels, ROWS - 1));
    refused(() -> kernels.pack(2, whole, 0, 0, COLUMNS, panels.part(0, 2, 0, 64), 0));
    refused(() -> kernels.gemmTransposedA(0, ROWS, matrix(ROWS, 3), 0, panels, s, c));
    refused(() -> kernels.gemmTransposedA(1, ROWS, matrix(ROWS, 4), 0, panels, s, c));
    refused(
        () -> kernels.gemmTransposedA(0, 9, matrix(ROWS, 4), 0, panels.part(0, 8, 0, 75), s, c));
  }

  private static void refusedView(Runnable view) {
    assertThatThrownBy(view::run).isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static void refused(Runnable operation) {
    assertThatThrownBy(operation::run).isInstanceOf(IllegalArgumentException.class);
  }
}
