package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Steps of the input in another number and order, zeros where the rule names none. */
final class ReferenceSteps implements ReferenceLayer {
  private final Layer layer;
  private final IntUnaryOperator source;
  private Signal input;

  ReferenceSteps(Layer layer, IntUnaryOperator source) {
    this.layer = layer;
    this.source = source;
  }

  @Override
  public Signal forward(Signal x) {
    input = x;
    int steps = layer.outputShape(Shape.of(x.positions(), x.width())).size(0);
    return Signal.zeros(steps, x.samples(), x.width())
        .map((p, n, row) -> isStep(p) ? x.at()[source.applyAsInt(p)][n].clone() : row);
  }

  private boolean isStep(int position) {
    int step = source.applyAsInt(position);
    return step >= 0 && step < input.positions();
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    Signal dx = Signal.zeros(input.positions(), input.samples(), input.width());
    for (int p = 0; p < dy.positions(); p++) {
      for (int n = 0; n < dy.samples() && isStep(p); n++) {
        Products.add(dx.at()[source.applyAsInt(p)][n], dy.at()[p][n]);
      }
    }
    return dx;
  }
}
