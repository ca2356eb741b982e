package dev.lanewise.engine.backend.cpu.weights;

import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Panels;
import dev.lanewise.engine.tensor.Matrix;

/** Weights, or their transpose, as products of rows read them. */
public sealed interface RightOperand {
  /** Returns the rows, which is how many elements each left operand has. */
  int rows();

  /** Returns some of the rows. */
  RightOperand rows(int first, int count);

  /**
   * c = s + a * this on {@code count} rows from row {@code first} on; see {@link
   * CheckedKernels#gemm(int, int, Matrix, int, Matrix, Matrix, Matrix)}.
   *
   * @param aColumn the first of a's columns that count
   */
  void multiply(
      CheckedKernels kernels, int first, int count, Matrix a, int aColumn, Matrix s, Matrix c);

  /** c = c + a * this on {@code count} rows, from one row on in a and another in c. */
  void add(CheckedKernels kernels, int count, Matrix a, int aRow, Matrix c, int cRow);

  /** The weights where they lie. */
  record Whole(Matrix matrix) implements RightOperand {
    @Override
    public int rows() {
      return matrix.rows();
    }

    @Override
    public RightOperand rows(int first, int count) {
      return new Whole(matrix.rows(first, count));
    }

    @Override
    public void multiply(
        CheckedKernels kernels, int first, int count, Matrix a, int aColumn, Matrix s, Matrix c) {
      kernels.gemm(first, count, a, aColumn, matrix, s, c);
    }

    @Override
    public void add(CheckedKernels kernels, int count, Matrix a, int aRow, Matrix c, int cRow) {
      kernels.products().add(count, a, aRow, matrix, c, cRow);
    }
  }

  /** A copy in panels. */
  record InPanels(Panels panels) implements RightOperand {
    @Override
    public int rows() {
      return panels.rows();
    }

    @Override
    public RightOperand rows(int first, int count) {
      return new InPanels(panels.part(first, count, 0, panels.columns()));
    }

    @Override
    public void multiply(
        CheckedKernels kernels, int first, int count, Matrix a, int aColumn, Matrix s, Matrix c) {
      kernels.gemm(first, count, a, aColumn, panels, s, c);
    }

    @Override
    public void add(CheckedKernels kernels, int count, Matrix a, int aRow, Matrix c, int cRow) {
      kernels.products().add(count, a, aRow, panels, c, cRow);
    }
  }
}
