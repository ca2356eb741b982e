package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The same elements in another shape: neighbours that stay neighbours are copied together. */
public final class ReshapeRun extends BetweenRun {
  private final CheckedKernels kernels;
  private final Piece[] pieces;

  /** Elements that are neighbours in both shapes. */
  private record Piece(int from, int fromColumn, int to, int toColumn, int count) {}

  public ReshapeRun(Shape output, RunContext context, Signals signals) {
    super(context, signals, output);
    kernels = context.kernels();
    int width = output.size(-1);
    pieces = pieces(signals.positions() * signals.width(), signals.width(), width);
  }

  private static Piece[] pieces(int elements, int fromWidth, int toWidth) {
    List<Piece> pieces = new ArrayList<>();
    int at = 0;
    while (at < elements) {
      int fromColumn = at % fromWidth;
      int toColumn = at % toWidth;
      int count = Math.min(fromWidth - fromColumn, toWidth - toColumn);
      pieces.add(new Piece(at / fromWidth, fromColumn, at / toWidth, toColumn, count));
      at += count;
    }
    return pieces.toArray(Piece[]::new);
  }

  @Override
  public void layOut(int rows) {
    Positions.join(outputs, rows);
    Positions.join(outputGradients, rows);
  }

  @Override
  public void forward(Pass pass) {
    for (Piece p : pieces) {
      kernels.copy(pass.rows(), inputs[p.from], p.fromColumn, outputs[p.to], p.toColumn, p.count);
    }
  }

  @Override
  public void backward(Pass pass) {
    if (inputGradients.length > 0) {
      for (Piece p : pieces) {
        Matrix dy = outputGradients[p.to];
        kernels.copy(pass.rows(), dy, p.toColumn, inputGradients[p.from], p.fromColumn, p.count);
      }
    }
  }
}
