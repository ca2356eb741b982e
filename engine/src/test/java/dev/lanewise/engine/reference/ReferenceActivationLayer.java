package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Activation;
import java.util.List;

/** An activation by itself. */
final class ReferenceActivationLayer implements ReferenceLayer {
  private final Activation f;
  private Signal input;

  ReferenceActivationLayer(Activation f) {
    this.f = f;
  }

  @Override
  public Signal forward(Signal x) {
    input = x;
    return x.map((p, n, row) -> ReferenceActivation.apply(f, row));
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    return dy.map((p, n, row) -> ReferenceActivation.backward(f, input.at()[p][n], row));
  }
}
