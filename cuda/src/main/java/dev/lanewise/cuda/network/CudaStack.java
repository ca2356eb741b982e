package dev.lanewise.cuda.network;

import dev.lanewise.cuda.driver.DeviceArena;
import dev.lanewise.cuda.kernel.KernelCalls;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.tensor.InsufficientMemoryException;
import dev.lanewise.engine.tensor.Shape;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A model on the device with the weights of all layers in one array, and the launches of a pass:
 * fused where {@link RnnTiles} says so, layer by layer otherwise.
 */
public final class CudaStack {
  private final WeightPlaces places;
  private final long weights;
  private final long gradient;
  private final CudaNetwork network;
  private final @Nullable RnnFused fused;
  private final CudaLosses losses;
  private final CudaPenalties penalties;

  /**
   * Takes the memory.
   *
   * @param maximumRows the samples of the largest batch
   * @param training whether there will be losses and gradients
   * @param seed what decides all that is drawn in training
   */
  public CudaStack(
      DeviceArena arena, ModelSpec spec, int maximumRows, boolean training, long seed) {
    requireIndices(spec, maximumRows);
    places = new WeightPlaces(spec);
    weights = arena.allocate("weights", places.count());
    gradient = training ? arena.allocate("gradients", places.trainedCount()) : 0;
    LayerMemory memory = LayerMemory.of(arena, maximumRows, weights, gradient, training, seed);
    RnnTiles tiles = RnnTiles.of(spec);
    fused = tiles.fused() ? new RnnFused(memory, spec, tiles) : null;
    losses = new CudaLosses(memory, spec);
    network = fused == null ? new CudaGraph(memory, spec, places, losses) : fused;
    penalties = new CudaPenalties(memory, places);
  }

  /** Kernels count rows, samples times steps, in 32 bits. */
  private static void requireIndices(ModelSpec spec, int maximumRows) {
    int steps = 0;
    for (Shape shape : spec.graph().shapes()) {
      steps = Math.max(steps, shape.positions());
    }
    if ((long) steps * maximumRows > Integer.MAX_VALUE) {
      throw new InsufficientMemoryException(
          String.format(
              Locale.ROOT,
              "batches of %,d samples of %,d steps are too large for a GPU; make the batch smaller",
              maximumRows,
              steps));
    }
  }

  /** Returns where each array is among {@link #weights} and {@link #gradient}. */
  public WeightPlaces places() {
    return places;
  }

  public long weights() {
    return weights;
  }

  public long gradient() {
    return gradient;
  }

  /** Returns the outputs of {@link #predict}: [rows], each output's [positions][units] in turn. */
  public long finished() {
    return losses.finished();
  }

  public @Nullable RnnFused fused() {
    return fused;
  }

  /** Launches a pass that leaves outputs as the user sees them. */
  public void predict(KernelCalls calls, long batch, int rows) {
    CudaPass pass = new CudaPass(calls, batch, rows, CudaPass.Mode.PREDICT);
    network.run(pass);
    losses.finish(pass, network);
  }

  /** Launches a pass that leaves losses and metrics. */
  public void evaluate(KernelCalls calls, long batch, int rows) {
    run(new CudaPass(calls, batch, rows, CudaPass.Mode.EVALUATE));
  }

  /** Launches a pass forward and back that leaves the gradients of all weights that are trained. */
  public void train(KernelCalls calls, long batch, int rows) {
    run(new CudaPass(calls, batch, rows, CudaPass.Mode.TRAIN));
  }

  private void run(CudaPass pass) {
    network.run(pass);
    losses.measure(pass, network);
    penalties.add(pass);
  }

  /** Returns what comes down for each sample. */
  public CudaMeasures measures() {
    return losses.measures();
  }
}
