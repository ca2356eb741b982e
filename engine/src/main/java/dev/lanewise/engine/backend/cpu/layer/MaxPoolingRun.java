package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.layer.WindowPlaces;
import dev.lanewise.engine.tensor.Matrix;

/** {@link dev.lanewise.engine.layer.MaxPooling1D} at work. */
public final class MaxPoolingRun extends BetweenRun {
  private final WindowPlaces windows;
  private final CheckedKernels kernels;

  /** Which of its window's steps each output is; nobody asks for it without a backward pass. */
  private final Matrix[] places;

  private final int size;

  /** By step of a window a row of its number. */
  private final Matrix[] numbers;

  public MaxPoolingRun(WindowPlaces windows, RunContext context, Signals signals) {
    super(context, signals, windows.count(), signals.width());
    this.windows = windows;
    kernels = context.kernels();
    int width = signals.width();
    places = context.signals("places", context.training() ? windows.count() : 1, width);
    size = windows.size();
    numbers = PlacedRows.rowsOf(context.matrix("numbers of steps", size, width).matrix());
  }

  @Override
  public void layOut(int rows) {
    Positions.join(outputs, rows);
    Positions.join(outputGradients, rows);
  }

  @Override
  public void forward(Pass pass) {
    int rows = pass.rows();
    for (int p = 0; p < outputs.length; p++) {
      Matrix ofWindow = places[p % places.length];
      boolean begun = false;
      for (int at = 0; at < size; at++) {
        int step = windows.step(p, at);
        if (step != WindowPlaces.NONE && begun) {
          kernels.elements().maximum(0, rows, at, inputs[step], outputs[p], ofWindow);
        } else if (step != WindowPlaces.NONE) {
          kernels.start(rows, inputs[step], outputs[p]);
          kernels.start(rows, rowOf(at), ofWindow);
          begun = true;
        }
      }
    }
  }

  @Override
  public void backward(Pass pass) {
    if (inputGradients.length == 0) {
      return;
    }
    int rows = pass.rows();
    for (Matrix dx : inputGradients) {
      kernels.start(rows, rowOf(0), dx);
    }
    for (int p = outputs.length - 1; p >= 0; p--) { // so that a step's sum is by at, as ever
      for (int at = 0; at < size; at++) {
        int step = windows.step(p, at);
        if (step != WindowPlaces.NONE) {
          Matrix dx = inputGradients[step];
          kernels.elements().addWhereEqual(0, rows, places[p], rowOf(at), outputGradients[p], dx);
        }
      }
    }
  }

  /** Returns the row of one number, which is written when it is asked for first. */
  private Matrix rowOf(int number) {
    Matrix row = numbers[number];
    if (row.get(0, 0) != number) {
      for (int column = 0; column < row.columns(); column++) {
        row.set(0, column, number);
      }
    }
    return row;
  }
}
