package dev.lanewise.engine.kernel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Kernels work on raw offsets: what does not fit must be refused here. */
class CheckedKernelsTest {
  private final CheckedKernels kernels = new CheckedKernels(KernelProvider.kernels());
  private final TensorArena arena = new TensorArena("test");

  @AfterEach
  void close() {
    arena.close();
  }

  private Matrix matrix(int rows, int columns) {
    return arena
        .tensor("m", Shape.of(rows, columns), Kernels.padded(columns))
        .matrix(0, rows, 0, columns);
  }

  private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("do not fit together");
  }

  @Test
  void productsOfSizesThatDoNotFitAreRefused() {
    Matrix a = matrix(4, 6);
    Matrix b = matrix(6, 8);
    Matrix c = matrix(4, 8);
    Matrix start = matrix(1, 8);
    refused(() -> kernels.gemm(5, a, b, start, c));
    refused(() -> kernels.gemm(4, b, a, start, c));
    refused(() -> kernels.gemm(4, a, b, matrix(1, 7), c));
    refused(() -> kernels.gemm(4, a, b, matrix(2, 8), c));
    refused(() -> kernels.gemm(4, a, b, start, matrix(4, 7)));
    refused(() -> kernels.gemmTransposedA(5, a, matrix(4, 8), start, matrix(6, 8)));
    refused(() -> kernels.gemmTransposedA(4, a, matrix(4, 8), start, matrix(5, 8)));
    refused(() -> kernels.gemmTransposedA(2, 3, a, 0, matrix(5, 8), 0, start, matrix(6, 8)));
    refused(() -> kernels.gemmTransposedA(-1, 3, a, 0, matrix(4, 8), 0, start, matrix(6, 8)));
    refused(() -> kernels.columnSums(3, 2, a, 0, matrix(1, 6)));
  }

  @Test
  void rowsWithoutRoomForTheirPaddingAreRefused() {
    Matrix narrow = arena.tensor("narrow", Shape.of(4, 8), 8).matrix();
    refused(() -> kernels.gemm(4, matrix(4, 6), matrix(6, 8), matrix(1, 8), narrow));
    refused(() -> kernels.columnSums(4, narrow, matrix(1, 8)));
  }

  @Test
  void elementwiseOperationsOnDifferentSizesAreRefused() {
    refused(
        () -> kernels.elements().derivative(0, 4, matrix(4, 8), Elementwise.TANH, matrix(3, 8)));
    refused(
        () -> kernels.elements().derivative(2, 3, matrix(4, 8), Elementwise.TANH, matrix(4, 8)));
    refused(() -> kernels.elements().activation(-1, 2, matrix(4, 8), Elementwise.TANH));
    refused(() -> kernels.start(4, matrix(3, 8), matrix(4, 8)));
    refused(() -> kernels.copy(4, matrix(4, 8), matrix(4, 9)));
    refused(() -> kernels.transpose(matrix(3, 4), matrix(3, 4)));
    refused(() -> kernels.elements().softmax(4, matrix(4, 8), matrix(4, 8), matrix(4, 2)));
    refused(() -> kernels.fill(2, matrix(2, 8), matrix(2, 8)));
  }

  /** Returns matrices side by side in the same rows, as gates lie. */
  private Matrix[] blocks(int rows, int columns, int count) {
    int width = Kernels.padded(columns);
    Tensor all = arena.tensor("blocks", Shape.of(rows, count * width), count * width);
    Matrix[] blocks = new Matrix[count];
    for (int i = 0; i < count; i++) {
      blocks[i] = all.matrix(0, rows, i * width, columns);
    }
    return blocks;
  }

  /** What a cell's operation takes, one array an operation, so that one operand can be another. */
  private interface Operation {
    void on(int first, int count, Matrix[] operands);
  }

  /**
   * Requires that an operation runs, and refuses rows outside of any operand, columns that another
   * has not, and, where it takes one stride for several, rows that lie further apart.
   *
   * @param fitting operands of four rows
   * @param repeatable which of them may be one row
   * @param alike which of them share a stride with another
   */
  private void onlyWhatFits(
      Operation operation, Matrix[] fitting, List<Integer> repeatable, List<Integer> alike) {
    operation.on(1, 3, fitting);
    refusedOperand(() -> operation.on(-1, 2, fitting), "are not in");
    refusedOperand(() -> operation.on(0, 0, fitting), "are not in");
    refusedOperand(() -> operation.on(2, 3, fitting), "are not in");
    for (int i = 0; i < fitting.length; i++) {
      long stride = fitting[i].rowStride();
      for (Matrix other :
          List.of(
              strided(3, 8, stride),
              strided(4, 7, stride),
              strided(4, 9, stride),
              narrow(stride))) {
        Matrix[] wrong = fitting.clone();
        wrong[i] = other;
        refusedOperand(() -> operation.on(1, 3, wrong), "are not in");
      }
      Matrix[] one = fitting.clone();
      one[i] = strided(1, 8, stride);
      if (repeatable.contains(i)) {
        operation.on(1, 3, one);
      } else {
        refusedOperand(() -> operation.on(1, 3, one), "are not in");
      }
      Matrix[] apart = fitting.clone();
      apart[i] = strided(4, 8, stride + Kernels.LANES);
      if (alike.contains(i)) {
        refusedOperand(() -> operation.on(1, 3, apart), "lie apart");
      } else {
        operation.on(1, 3, apart);
      }
    }
  }

  private static void refusedOperand(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private Matrix strided(int rows, int columns, long stride) {
    return arena
        .tensor("m", Shape.of(rows, columns), Math.toIntExact(stride))
        .matrix(0, rows, 0, columns);
  }

  /** The last columns of its rows, without room for the rest of their vectors. */
  private Matrix narrow(long stride) {
    int width = Math.toIntExact(stride);
    return arena.tensor("narrow", Shape.of(4, width), width).matrix(0, 4, width - 8, 8);
  }

  private static Matrix[] all(Matrix[]... parts) {
    return Arrays.stream(parts).flatMap(Arrays::stream).toArray(Matrix[]::new);
  }

  @Test
  void productsByElementTakeWhatFitsAlone() {
    Matrix[] fitting = {matrix(4, 8), matrix(4, 8), matrix(4, 8)};
    onlyWhatFits(
        (first, count, m) -> kernels.elements().multiply(first, count, m[0], m[1], m[2]),
        fitting,
        List.of(1),
        List.of());
    onlyWhatFits(
        (first, count, m) -> kernels.elements().multiplyAdd(first, count, m[0], m[1], m[2]),
        fitting,
        List.of(1),
        List.of());
  }

  @Test
  void flushingTakesRowsThatThereAre() {
    Matrix x = matrix(4, 8);
    kernels.elements().flushTiny(2, 2, x);
    assertThatThrownBy(() -> kernels.elements().flushTiny(3, 2, x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("flush");
  }

  @Test
  void maximaTakeWhatFitsAlone() {
    onlyWhatFits( // x, y, places
        (first, count, m) -> kernels.elements().maximum(first, count, 1, m[0], m[1], m[2]),
        new Matrix[] {matrix(4, 8), matrix(4, 8), matrix(4, 8)},
        List.of(),
        List.of());
    onlyWhatFits( // x, y, d, z
        (first, count, m) -> kernels.elements().addWhereEqual(first, count, m[0], m[1], m[2], m[3]),
        new Matrix[] {matrix(4, 8), matrix(4, 8), matrix(4, 8), matrix(4, 8)},
        List.of(1, 2),
        List.of());
  }

  @Test
  void lstmOperationsTakeWhatFitsAlone() {
    CheckedLstm lstm = kernels.lstm();
    onlyWhatFits( // i, f, g, previous, c, copy
        (first, count, m) -> lstm.state(first, count, m[0], m[1], m[2], m[3], m[4], m[5]),
        all(blocks(4, 8, 3), blocks(4, 8, 1), blocks(4, 8, 2)),
        List.of(3),
        List.of(0, 1, 2, 4, 5));
    onlyWhatFits( // dh, upstream, o, y, d, dy
        (first, count, m) -> lstm.outputGradient(first, count, m[0], m[1], m[2], m[3], m[4], m[5]),
        all(blocks(4, 8, 1), blocks(4, 8, 1), blocks(4, 8, 2), blocks(4, 8, 2)),
        List.of(0, 1),
        List.of(2, 3));
    onlyWhatFits( // dc, later, i, f, g, previous, di, df, dg
        (first, count, m) ->
            lstm.stateGradient(first, count, m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8]),
        all(blocks(4, 8, 2), blocks(4, 8, 3), blocks(4, 8, 1), blocks(4, 8, 3)),
        List.of(5),
        List.of(0, 1, 2, 3, 4, 6, 7, 8));
    onlyWhatFits( // through, upstream, previous, later
        (first, count, m) ->
            lstm.gradient(first, count, m[0], m[1], matrix(4, 88), m[2], m[3], matrix(4, 56)),
        all(blocks(4, 8, 1), blocks(4, 8, 1), blocks(4, 8, 1), blocks(4, 8, 1)),
        List.of(0, 1, 2),
        List.of());
  }

  @Test
  void gruOperationsTakeWhatFitsAlone() {
    CheckedGru gru = kernels.gru();
    onlyWhatFits( // z, candidate, previous, h
        (first, count, m) -> gru.state(first, count, m[0], m[1], m[2], m[3]),
        all(blocks(4, 8, 2), blocks(4, 8, 2)),
        List.of(2),
        List.of(0, 1));
    onlyWhatFits( // dh, upstream, later, z, candidate, previous, dz, dCandidate
        (first, count, m) ->
            gru.gradient(first, count, m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7]),
        all(blocks(4, 8, 3), blocks(4, 8, 2), blocks(4, 8, 1), blocks(4, 8, 2)),
        List.of(0, 1, 5),
        List.of(3, 4, 6, 7));
  }
}
