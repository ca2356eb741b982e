package dev.lanewise.cuda.emulated;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.driver.KernelModule;
import dev.lanewise.cuda.driver.KernelModule.Grid;
import dev.lanewise.cuda.driver.Struct;

/**
 * The launches of one LSTM or GRU by what the kernels' sources say of their arguments and grids: a
 * second hand beside that of the backend's classes, which are not used here.
 */
final class GatedLaunches {
  private static final int TANH = 2; // the numbers of activation.cuh
  private static final int SIGMOID = 3;
  private static final int THREADS = 128;
  private static final int WALK_THREADS = 256;

  /** By tile what lstm_walk.cu and gru_walk.cu keep in registers, forward and back. */
  private static final int[][] LSTM_OWN = {{}, {}, {16, 16}, {}, {51, 51}, {45, 47}};

  private static final int[][] GRU_OWN = {{}, {}, {12, 12}, {}, {48, 48}, {46, 46}};

  private static final long NO_MASK = 0;
  private static final long NO_DROPS = 0; // products of what gates drop

  private final Device device;
  private final KernelModule kernels;
  private final GatedMemory in;

  GatedLaunches(Device device, GatedMemory in) {
    this.device = device;
    this.in = in;
    kernels = new KernelModule(device);
  }

  private static Grid tiles(int m, int n, int slices) {
    return new Grid(Math.ceilDiv(m, 32), Math.ceilDiv(n, 64), slices);
  }

  /** Launches what the inputs add to all in.sums. */
  private void inputs(boolean whole) {
    int all = in.steps * in.rows;
    kernels.launch(
        "feed_outputs",
        Grid.of(Math.ceilDiv(all, Math.max(1, THREADS / in.features))),
        THREADS,
        new Arguments()
            .pointer(in.inputs)
            .integer(in.features)
            .pointer(in.walked)
            .integer(in.stride)
            .integer(in.rows)
            .integer(in.steps)
            .integer(in.features)
            .integer(in.units)
            .integer(0));
    kernels.launch(
        "gemm_forward",
        tiles(all, in.width, 1),
        THREADS,
        new Arguments()
            .pointer(in.walked)
            .integer(in.stride)
            .pointer(in.weights)
            .pointer(whole ? in.bias(0) : 0)
            .pointer(in.sums)
            .integer(in.width)
            .integer(all)
            .integer(in.width)
            .integer(in.features)
            .integer(0));
  }

  /** Goes through all steps and back, each a launch. */
  void stepByStep() {
    inputs(false);
    for (int t = 0; t < in.steps; t++) {
      Struct step = new Struct().pointer(in.before(t)).pointer(in.recurrent()).pointer(in.bias(0));
      if (in.lstm) {
        step.pointer(t == 0 ? 0 : in.step(in.kept, t - 1, in.units));
      }
      step.pointer(in.step(in.sums, t, in.width))
          .pointer(in.step(in.kept, t, in.units))
          .pointer(in.before(t + 1))
          .pointer(NO_MASK)
          .pointer(NO_DROPS);
      step.integer(in.stride)
          .integer(in.rows)
          .integer(in.units)
          .integer(t == 0 ? 0 : in.units)
          .integer(TANH)
          .integer(SIGMOID);
      launchStep("forward", 4 * in.units, step);
    }
    for (int t = in.steps - 1; t >= 0; t--) {
      boolean last = t == in.steps - 1;
      Struct step =
          new Struct()
              .pointer(last ? 0 : in.step(in.lstm ? in.bySums : in.byStates, t + 1, in.width))
              .pointer(in.recurrent())
              .pointer(in.sequences ? in.step(in.above, t, in.units) : last ? in.above : 0);
      if (in.lstm) {
        step.pointer(in.step(in.sums, t, in.width))
            .pointer(t == 0 ? 0 : in.step(in.kept, t - 1, in.units))
            .pointer(in.step(in.kept, t, in.units))
            .pointer(in.later)
            .pointer(0) // nothing is carried past masked steps
            .pointer(in.step(in.bySums, t, in.width))
            .pointer(NO_MASK)
            .pointer(NO_DROPS);
      } else {
        step.pointer(in.before(t))
            .pointer(in.step(in.sums, t, in.width))
            .pointer(in.step(in.kept, t, in.units))
            .pointer(in.later)
            .pointer(in.step(in.bySums, t, in.width))
            .pointer(in.step(in.byStates, t, in.width))
            .pointer(NO_MASK)
            .pointer(NO_DROPS)
            .integer(in.stride);
      }
      step.integer(in.rows).integer(in.units).integer(last ? 0 : in.width);
      if (in.lstm) {
        step.integer(last ? 0 : 1); // whether gradients by c are there
      }
      step.integer(TANH).integer(SIGMOID);
      launchStep("backward", in.units, step);
    }
    gradients();
  }

  private void launchStep(String way, int columns, Struct step) {
    String name = (in.lstm ? "lstm_" : "gru_") + way;
    kernels.launch(name, tiles(in.rows, columns, 1), THREADS, new Arguments().struct(step));
  }

  /** Goes through all steps in one launch and back in another, by the kernels of a tile. */
  void inOneLaunch(int tile) {
    inputs(true);
    int vectors = in.width / in.units * tile * tile;
    int values = 4 * WALK_THREADS * vectors;
    long packed = in.floats(values);
    long transposed = in.floats(values);
    Struct packing =
        new Struct()
            .pointer(in.recurrent())
            .pointer(packed)
            .pointer(transposed)
            .integer(in.units)
            .integer(in.width / in.units)
            .integer(tile);
    Grid grid = Grid.of(Math.ceilDiv(values, WALK_THREADS));
    kernels.launch("pack_walk", grid, WALK_THREADS, new Arguments().struct(packing));
    Struct there = new Struct().pointer(packed);
    if (!in.lstm) {
      there.pointer(in.bias(1));
    }
    there.pointer(in.sums).pointer(in.kept).pointer(in.before(1));
    there.integer(in.stride).integer(in.rows).integer(in.units).integer(in.steps);
    launchWalk("forward", tile, vectors, 0, there);
    Struct back = new Struct().pointer(transposed).pointer(in.above);
    if (!in.lstm) {
      back.pointer(in.before(0));
    }
    back.pointer(in.sums).pointer(in.kept).pointer(in.bySums);
    if (!in.lstm) {
      back.pointer(in.byStates);
    }
    back.integer(in.sequences ? 1 : 0);
    if (!in.lstm) {
      back.integer(in.stride);
    }
    back.integer(in.rows).integer(in.units).integer(in.steps);
    launchWalk("backward", tile, vectors, 1, back);
    gradients();
  }

  private void launchWalk(String way, int tile, int vectors, int direction, Struct walk) {
    int own = (in.lstm ? LSTM_OWN : GRU_OWN)[tile][direction];
    kernels.launch(
        (in.lstm ? "lstm_walk_" : "gru_walk_") + way + "_" + tile,
        Grid.of(Math.ceilDiv(in.rows, 2)),
        WALK_THREADS,
        Math.max(0, vectors - own) * 4 * Float.BYTES * WALK_THREADS,
        new Arguments().struct(walk));
  }

  /** Launches the gradients by the inputs and by all in.weights. */
  private void gradients() {
    int all = in.steps * in.rows;
    kernels.launch(
        "gemm_backward",
        tiles(all, in.features, 1),
        THREADS,
        new Arguments()
            .pointer(in.bySums)
            .integer(in.width)
            .pointer(in.weights)
            .integer(in.width)
            .pointer(0)
            .pointer(in.byInputs)
            .integer(all)
            .integer(in.features)
            .integer(in.width));
    if (in.lstm) {
      product(in.walked, in.stride, in.bySums, 0, in.stride);
    } else {
      product(in.walked, in.features, in.bySums, 0, in.stride);
      product(in.before(0), in.units, in.byStates, in.features, in.stride + 1);
    }
    kernels.launch(
        "sum_slices",
        Grid.of(Math.ceilDiv(in.count(), 256)),
        256,
        new Arguments()
            .pointer(in.partial)
            .pointer(in.gradient)
            .integer(in.count())
            .integer(GatedMemory.SLICES));
    device.synchronize();
  }

  /** Launches the gradients of {@code m} rows of weights from {@code row}, and of a bias. */
  private void product(long from, int m, long dz, int row, int bias) {
    kernels.launch(
        "gemm_weights",
        tiles(m + 1, in.width, GatedMemory.SLICES),
        THREADS,
        new Arguments()
            .pointer(from)
            .integer(in.stride)
            .pointer(dz)
            .integer(in.width)
            .pointer(GatedMemory.at(in.partial, row * in.width))
            .integer(m)
            .integer(in.width)
            .integer(in.steps * in.rows)
            .integer(bias - row)
            .integer(in.width)
            .integer(in.count()));
  }
}
