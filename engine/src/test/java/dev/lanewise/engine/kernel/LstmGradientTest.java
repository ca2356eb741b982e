package dev.lanewise.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.TensorArena;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An LSTM's ways forward and back in one loop have the bits of their parts, one after the other.
 */
class LstmGradientTest {
  private static final int ROWS = 6;
  private static final int FIRST = 1;
  private static final int COUNT = 4;

  private final CheckedKernels kernels = new CheckedKernels(KernelProvider.kernels());
  private final TensorArena arena = new TensorArena("test");
  private final Random random = new Random(3);

  @AfterEach
  void close() {
    arena.close();
  }

  /** Returns blocks of so many columns, side by side, and then all of them as one matrix. */
  private Matrix[] blocks(int columns, int count) {
    int block = Kernels.padded(columns);
    Shape shape = Shape.of(ROWS, count * block);
    var tensor = arena.tensor("m", shape, count * block);
    Matrix[] blocks = new Matrix[count + 1];
    for (int b = 0; b < count; b++) {
      blocks[b] = tensor.matrix(0, ROWS, b * block, columns);
    }
    blocks[count] = tensor.matrix(0, ROWS, 0, (count - 1) * block + columns);
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < blocks[count].columns(); column++) {
        blocks[count].set(row, column, (float) random.nextGaussian());
      }
    }
    return blocks;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 64, 75})
  void itIsWhatItsPartsGive(int units) {
    Matrix[] v = blocks(units, 6);
    Matrix through = blocks(units, 1)[0];
    Matrix upstream = blocks(units, 1)[0];
    Matrix before = blocks(units, 1)[0];
    Matrix[] later = {blocks(units, 1)[0], blocks(units, 1)[0]};
    kernels.copy(ROWS, later[0], later[1]);
    Matrix dc = blocks(units, 1)[0];
    Matrix[] d = blocks(units, 4);
    Matrix[] found = blocks(units, 4);
    kernels.copy(ROWS, d[4], found[4]); // rows around those at hand stay as they are
    kernels.lstm().outputGradient(FIRST, COUNT, through, upstream, v[2], v[5], d[2], dc);
    kernels.elements().derivative(FIRST, COUNT, dc, Elementwise.TANH, v[5]);
    kernels
        .lstm()
        .stateGradient(FIRST, COUNT, dc, later[0], v[0], v[1], v[3], before, d[0], d[1], d[3]);
    for (int gate = 0; gate < 3; gate++) {
      kernels.elements().derivative(FIRST, COUNT, d[gate], Elementwise.SIGMOID, v[gate]);
    }
    kernels.elements().derivative(FIRST, COUNT, d[3], Elementwise.TANH, v[3]);
    kernels.lstm().gradient(FIRST, COUNT, through, upstream, v[6], before, later[1], found[4]);
    for (int gate = 0; gate < 4; gate++) {
      same(found[gate], d[gate]);
    }
    same(later[1], later[0]);
  }

  private static void same(Matrix found, Matrix expected) {
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < expected.columns(); column++) {
        assertThat(found.get(row, column))
            .as("row %d, column %d", row, column)
            .isEqualTo(expected.get(row, column));
      }
    }
  }

  @Test
  void blocksThatAreNotThereAreRefused() {
    Matrix row = blocks(8, 1)[0];
    Matrix[] values = blocks(8, 6);
    Matrix[] d = blocks(8, 4);
    CheckedLstm lstm = kernels.lstm();
    lstm.gradient(0, ROWS, row, row, values[6], row, row, d[4]);
    refused(() -> lstm.gradient(0, ROWS, row, row, blocks(8, 5)[5], row, row, d[4]));
    refused(() -> lstm.gradient(0, ROWS, row, row, values[6], row, row, blocks(8, 3)[3]));
    refused(() -> lstm.gradient(1, ROWS, row, row, values[6], row, row, d[4]));
  }

  private static void refused(ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("LSTM")
        .hasMessageContaining("are not in");
  }
}
