package dev.lanewise.engine.backend.cpu.layer;

import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link Normalization} on the CPU: which mean and variance are those of a place. */
public final class CpuNormalization implements CpuLayer {
  private final Normalization layer;
  private final Shape input;
  private final List<CpuParameter> parameters;

  /** Takes the weights' memory. */
  public CpuNormalization(LayerContext context, Normalization layer, Shape input) {
    this.layer = layer;
    this.input = input;
    List<CpuParameter> made = new ArrayList<>();
    for (ParameterSpec spec : layer.parameters(input)) {
      Shape shape = spec.shape();
      int columns = shape.rank() == 0 ? 1 : shape.size(-1);
      int rows = Math.toIntExact(shape.elementCount() / columns);
      made.add(context.frozen().parameter(spec.name(), rows, columns));
    }
    parameters = List.copyOf(made);
  }

  /** Returns how many steps have rows of means of their own, 1 where they share one. */
  int rows() {
    return layer.variesBySteps(input) ? input.size(0) : 1;
  }

  boolean inverts() {
    return layer.invert();
  }

  float mean(int step, int feature) {
    return at(0, layer.mean(), step, feature);
  }

  /** Returns what values are divided by. */
  float deviation(int step, int feature) {
    return Normalization.deviation(at(1, layer.variance(), step, feature));
  }

  private float at(int parameter, List<Double> given, int step, int feature) {
    if (!layer.isAdapted()) {
      return given.get(layer.place(input, given.size(), step, feature)).floatValue();
    }
    Matrix weights = parameters.get(parameter).matrix();
    int columns = weights.columns();
    int place = layer.place(input, weights.rows() * columns, step, feature);
    return weights.get(place / columns, place % columns);
  }

  @Override
  public LayerRun run(RunContext context, @Nullable LayerRun below) {
    return new NormalizationRun(this, context, new Signals(below, context, input));
  }

  @Override
  public List<CpuParameter> parameters() {
    return parameters;
  }

  @Override
  public List<ParameterView> views() {
    return parameters.stream().map(ParameterView::of).toList();
  }
}
