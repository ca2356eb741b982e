package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.batch.StepMask;
import dev.lanewise.engine.backend.cpu.layer.LayerContext;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.layer.UnderMask;
import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Rnn} of several cells on the CPU. Each cell walks over all steps before the next one
 * does: what comes of that is the same, and a walk keeps its weights in the caches.
 */
final class CpuCells implements CpuWalk {
  /** The lowest first. */
  private final List<CpuRecurrent> cells = new ArrayList<>();

  /** Takes the weights' memory. */
  CpuCells(LayerContext context, Rnn rnn, Shape input) {
    Shape read = input;
    for (CellLayer layer : rnn.layers()) {
      LayerContext own = cells.isEmpty() ? context : context.upon(cells.size());
      cells.add(new CpuRecurrent(own, layer, read, rnn.goBackwards()));
      read = layer.outputShape(read);
    }
  }

  /** All cells heed one mask: in a step that is masked, none does anything. */
  @Override
  public LayerRun walk(RunContext context, @Nullable LayerRun below, List<LayerRun> given) {
    StepMask mask = below == null ? null : below.mask();
    List<LayerRun> runs = new ArrayList<>();
    List<LayerRun> states = new ArrayList<>();
    LayerRun read = below;
    int from = 0;
    for (CpuRecurrent cell : cells) {
      int to = given.isEmpty() ? 0 : from + cell.states;
      RunContext own = runs.isEmpty() ? context : context.beginning();
      LayerRun run = cell.walk(own, read, given.subList(from, to));
      runs.add(run);
      for (int s = 1; s <= cell.statesGiven; s++) {
        states.add(run.output(s));
      }
      read = new UnderMask(run, mask);
      from = to;
    }
    return new CellsRun(runs, states);
  }

  @Override
  public List<Tensor> keptStates() {
    return cells.stream().flatMap(cell -> cell.keptStates().stream()).toList();
  }

  @Override
  public List<CpuParameter> parameters() {
    return cells.stream().flatMap(cell -> cell.parameters().stream()).toList();
  }

  @Override
  public List<ParameterView> views() {
    return cells.stream().flatMap(cell -> cell.views().stream()).toList();
  }
}
