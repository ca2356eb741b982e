package dev.lanewise.engine.kernel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.TensorArena;
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
  }

  @Test
  void rowsWithoutRoomForTheirPaddingAreRefused() {
    Matrix narrow = arena.tensor("narrow", Shape.of(4, 8), 8).matrix();
    refused(() -> kernels.gemm(4, matrix(4, 6), matrix(6, 8), matrix(1, 8), narrow));
    refused(() -> kernels.columnSums(4, narrow, matrix(1, 8)));
  }

  @Test
  void elementwiseOperationsOnDifferentSizesAreRefused() {
    refused(() -> kernels.derivative(0, 4, matrix(4, 8), Elementwise.TANH, matrix(3, 8)));
    refused(() -> kernels.derivative(2, 3, matrix(4, 8), Elementwise.TANH, matrix(4, 8)));
    refused(() -> kernels.activation(-1, 2, matrix(4, 8), Elementwise.TANH));
    refused(() -> kernels.start(4, matrix(3, 8), matrix(4, 8)));
    refused(() -> kernels.copy(4, matrix(4, 8), matrix(4, 9)));
    refused(() -> kernels.transpose(matrix(3, 4), matrix(3, 4)));
    refused(() -> kernels.softmax(4, matrix(4, 8), matrix(4, 8), matrix(4, 2)));
    refused(() -> kernels.fill(2, matrix(2, 8), matrix(2, 8)));
  }
}
