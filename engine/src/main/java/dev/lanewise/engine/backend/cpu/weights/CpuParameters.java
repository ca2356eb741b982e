package dev.lanewise.engine.backend.cpu.weights;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** All weights of a plan: copies in and out in Keras's order. */
public final class CpuParameters {
  private final CheckedKernels kernels;
  private final List<CpuParameter> parameters;
  private final List<ParameterView> views;

  /** Those that have gradients and slots. */
  private final List<ParameterView> trained;

  public CpuParameters(Weights weights, CheckedKernels kernels) {
    this.kernels = kernels;
    parameters = weights.parameters();
    views = weights.views();
    trained = views.stream().filter(ParameterView::isTrained).toList();
  }

  /** Sets the weights alone. */
  public void load(List<float[]> values) {
    for (int i = 0; i < views.size(); i++) {
      ParameterView view = views.get(i);
      view.write(view.parameter().values(), values.get(i));
    }
    for (CpuParameter parameter : parameters) {
      parameter.renewCopies(kernels);
    }
  }

  /** Returns copies of the weights alone. */
  public List<float[]> values() {
    return read(views, CpuParameter::values);
  }

  public void load(Parameters source, CpuOptimizer optimizer) {
    load(source.values());
    Optimizer rule = optimizer.updates().rule();
    int slots = rule.slots().size();
    for (int i = 0; i < trained.size(); i++) {
      ParameterView view = trained.get(i);
      for (int s = 0; s < slots; s++) {
        Tensor slot = view.parameter().slots().get(s);
        if (!source.slots().isEmpty()) {
          view.write(slot, source.slots().get(s).values().get(i));
        } else if (s < rule.ruleSlots().size()) {
          view.fill(slot, rule.slotStart());
        } else { // means, which so are right however many updates were done without them
          view.write(slot, view.read(view.parameter().values()));
        }
      }
    }
    optimizer.updates().load(source);
  }

  public Parameters snapshot(CpuOptimizer optimizer) {
    List<Parameters.Slot> slots = new ArrayList<>();
    List<String> names = optimizer.updates().rule().slots();
    for (int s = 0; s < names.size(); s++) {
      int slot = s;
      List<float[]> arrays = read(trained, parameter -> parameter.slots().get(slot));
      slots.add(new Parameters.Slot(names.get(s), arrays));
    }
    return optimizer.updates().with(values(), slots);
  }

  /** After an update the first shard's gradient holds the sum of all. */
  public List<float[]> gradients() {
    return read(trained, CpuParameter::gradients);
  }

  private static List<float[]> read(List<ParameterView> of, Function<CpuParameter, Tensor> part) {
    return of.stream().map(view -> view.read(part.apply(view.parameter()))).toList();
  }
}
