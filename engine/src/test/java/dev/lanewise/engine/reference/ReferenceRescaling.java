package dev.lanewise.engine.reference;

import dev.lanewise.engine.layer.Rescaling;
import java.util.Arrays;
import java.util.List;

/** {@link Rescaling}. */
record ReferenceRescaling(Rescaling layer) implements ReferenceLayer {
  @Override
  public Signal forward(Signal x) {
    return x.map((p, n, row) -> scaled(row, layer.offset()));
  }

  @Override
  public Signal backward(Signal dy, List<double[]> gradients) {
    return dy.map((p, n, row) -> scaled(row, 0));
  }

  private double[] scaled(double[] row, double offset) {
    return Arrays.stream(row).map(v -> v * layer.scale() + offset).toArray();
  }
}
