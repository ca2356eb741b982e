package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.Pass;
import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.backend.cpu.layer.DropoutRun;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.layer.Signals;
import dev.lanewise.engine.tensor.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer at work whose gates all do without the same inputs: dropout comes before it.
 */
final class DroppedInputRun implements LayerRun {
  private final DropoutRun dropout;
  private final ManyRows walk;
  private final boolean asked;

  DroppedInputRun(CpuRecurrent layer, RunContext context, Signals signals, List<LayerRun> given) {
    asked = layer.weights.reachesBelow();
    dropout = new DropoutRun(layer.dropout, true, context, signals);
    boolean first = signals.below() == null; // its inputs are samples, of which some may be blank
    walk = new ManyRows(layer, context.beginning(), dropout, first, given);
  }

  @Override
  public void layOut(int rows) {
    dropout.layOut(rows);
    walk.layOut(rows);
  }

  @Override
  public Matrix[] inputs() {
    return dropout.inputs();
  }

  @Override
  public Matrix[] outputs() {
    return walk.outputs();
  }

  @Override
  public Matrix[] outputGradients() {
    return walk.outputGradients();
  }

  @Override
  public LayerRun output(int index) {
    return index == 0 ? this : walk.output(index);
  }

  @Override
  public @Nullable StepMask mask() {
    return walk.mask();
  }

  @Override
  public void forward(Pass pass) {
    dropout.forward(pass);
    walk.forward(pass);
  }

  @Override
  public void backward(Pass pass) {
    walk.backward(pass);
    if (asked) {
      dropout.backward(pass);
    }
  }
}
