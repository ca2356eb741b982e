package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/** The same elements in another shape. */
final class ReferenceReshape implements ReferenceLayer {
  private final Layer layer;
  private Signal input;

  ReferenceReshape(Layer layer) {
    this.layer = layer;
  }

  @Override
  public Signal forward(Signal x) {
    input = x;
    Shape shape =
        layer.outputShape(
            x.positions() == 1 ? Shape.of(x.width()) : Shape.of(x.positions(), x.width()));
    int positions = shape.rank() == 1 ? 1 : shape.size(0);
    return Signal.of(x.toArray(), positions, x.samples(), shape.size(-1));
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    return Signal.of(dy.toArray(), input.positions(), input.samples(), input.width());
  }
}
