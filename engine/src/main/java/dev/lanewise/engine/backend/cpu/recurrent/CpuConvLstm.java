package dev.lanewise.engine.backend.cpu.recurrent;

import dev.lanewise.engine.backend.cpu.layer.DropRate;
import dev.lanewise.engine.backend.cpu.layer.LayerContext;
import dev.lanewise.engine.backend.cpu.layer.LayerRun;
import dev.lanewise.engine.backend.cpu.layer.RunContext;
import dev.lanewise.engine.backend.cpu.layer.Signals;
import dev.lanewise.engine.backend.cpu.layer.WindowTaps;
import dev.lanewise.engine.backend.cpu.weights.CpuParameter;
import dev.lanewise.engine.backend.cpu.weights.ParameterView;
import dev.lanewise.engine.kernel.CheckedKernels;
import dev.lanewise.engine.kernel.Strip;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.RecurrentOptions;
import dev.lanewise.engine.tensor.Matrix;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link ConvLstm} on the CPU: the cell of an LSTM, for which each place of each sample is a row,
 * and whose sums are those of windows.
 */
public final class CpuConvLstm implements CpuWalk, GateWeights {
  final Shape input;
  final int steps;
  final boolean sequences;
  final boolean givesStates;
  final CellKind kind;
  final @Nullable DropRate dropout;
  final @Nullable DropRate recurrentDropout;
  final WindowTaps inputTaps;
  final WindowTaps stateTaps;

  /** What the sums begin with: the bias, or zeros. */
  final Matrix start;

  final Matrix zeroFeatures;
  private final Matrix zeroUnits;
  private final @Nullable RecurrentBias bias;
  private final boolean backwards;

  /** Takes the weights' memory. */
  public CpuConvLstm(LayerContext context, ConvLstm layer, Shape input) {
    this.input = input;
    steps = input.size(0);
    RecurrentOptions options = layer.options();
    sequences = layer.returnSequences();
    givesStates = layer.returnState();
    backwards = options.walk().goBackwards();
    kind = CellKind.of(layer.cell());
    dropout = options.dropout() == 0 ? null : context.drops(options.dropout());
    recurrentDropout =
        options.recurrentDropout() == 0 ? null : context.drops(options.recurrentDropout());
    int features = input.size(-1);
    int columns = gates().columns();
    boolean back = context.training() && !context.lowest();
    inputTaps = new WindowTaps(context, "kernel", layer.places(input), features, columns, back);
    stateTaps =
        new WindowTaps(
            context,
            "recurrent kernel",
            layer.statePlaces(input),
            units(),
            columns,
            context.training());
    bias = options.useBias() ? new RecurrentBias(context, gates(), 1) : null;
    start = bias == null ? context.zeroRow(columns) : bias.start();
    zeroUnits = context.zeroRow(units());
    zeroFeatures = context.zeroRow(features);
  }

  /** Returns how many places a state has. */
  int places() {
    return stateTaps.places().count();
  }

  /** Returns the step of the input that step {@code t} of the walk reads. */
  int inputStep(int t) {
    return backwards ? steps - 1 - t : t;
  }

  /** Begins a shard's gradients by the weights. */
  void beginGradients(CheckedKernels kernels, int shard) {
    if (inputTaps.isTrained()) {
      inputTaps.beginGradient(kernels, shard);
      stateTaps.beginGradient(kernels, shard);
    }
    if (bias != null && inputTaps.isTrained()) {
      bias.beginGradient(kernels, shard);
    }
  }

  /** Adds the gradients by the sums of some rows to the bias's. */
  void addBiasGradient(CheckedKernels kernels, int rows, Matrix dz, int shard) {
    if (bias != null) {
      bias.addGradient(kernels, 0, rows, dz, shard);
    }
  }

  @Override
  public GateLayout gates() {
    return kind.gates();
  }

  @Override
  public Matrix zeroUnits() {
    return zeroUnits;
  }

  @Override
  public void inStrips(CheckedKernels kernels, int first, int rows, Strip strip) {
    long weights = inputTaps.elements() + stateTaps.elements();
    kernels.inStrips(first, rows, weights, gates().columns(), strip);
  }

  @Override
  public void inStripsBack(CheckedKernels kernels, int first, int rows, Strip strip) {
    kernels.inStrips(first, rows, stateTaps.elements(), units(), strip);
  }

  @Override
  public LayerRun walk(RunContext context, @Nullable LayerRun below, List<LayerRun> given) {
    return new ConvLstmRun(this, context, new Signals(below, context, input), given);
  }

  @Override
  public List<CpuParameter> parameters() {
    return bias == null
        ? List.of(inputTaps.kernel(), stateTaps.kernel())
        : List.of(inputTaps.kernel(), stateTaps.kernel(), bias.parameter());
  }

  @Override
  public List<ParameterView> views() {
    List<Integer> blocks = kind.kernelGates();
    ParameterView kernel = view(inputTaps.kernel(), blocks);
    ParameterView recurrentKernel = view(stateTaps.kernel(), blocks);
    return bias == null
        ? List.of(kernel, recurrentKernel)
        : List.of(kernel, recurrentKernel, bias.view(blocks, blocks));
  }

  private ParameterView view(CpuParameter of, List<Integer> blocks) {
    return gates().view(of, 0, of.rows(), blocks);
  }
}
