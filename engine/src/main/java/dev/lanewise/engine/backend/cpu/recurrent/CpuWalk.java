package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.CpuLayer;
import dev.lanewise.engine.backend.cpu.layer.LayerContext;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.Recurrent;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link Recurrent} layer on the CPU. */
public sealed interface CpuWalk extends CpuLayer permits CpuRecurrent, CpuCells, CpuConvLstm {
  /** Takes the weights' memory. */
  static CpuWalk of(LayerContext context, Recurrent layer, Shape input) {
    return switch (layer) {
      case CellLayer cell -> new CpuRecurrent(context, cell, input, cell.goBackwards());
      case ConvLstm convolving -> new CpuConvLstm(context, convolving, input);
      case Rnn rnn when rnn.cells().size() == 1 -> of(context, rnn.layers().getFirst(), input);
      case Rnn rnn -> new CpuCells(context, rnn, input);
    };
  }

  /**
   * Takes the memory of a run.
   *
   * @param below the run of the layer below, absent for the first layer
   * @param given the runs of the states to begin with; none if they are zero
   */
  LayerRun walk(RunContext context, @Nullable LayerRun below, List<LayerRun> given);

  @Override
  default LayerRun run(RunContext context, @Nullable LayerRun below) {
    return walk(context, below, List.of());
  }

  @Override
  default LayerRun runOn(RunContext context, List<LayerRun> below) {
    return walk(context, below.getFirst(), below.subList(1, below.size()));
  }

  /** Returns the most columns that a cell's gates take side by side. */
  static int gateColumns(Recurrent layer) {
    return switch (layer) {
      case CellLayer cell -> CellKind.of(cell).gates().columns();
      case ConvLstm convolving -> CellKind.of(convolving.cell()).gates().columns();
      case Rnn rnn -> rnn.cells().stream().mapToInt(CpuWalk::gateColumns).max().orElseThrow();
    };
  }
}
