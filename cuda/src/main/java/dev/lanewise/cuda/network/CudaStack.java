package dev.lanewise.cuda.network;

import dev.lanewise.cuda.driver.DeviceArena;
import dev.lanewise.cuda.kernel.KernelCalls;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.cuda.layer.CudaPass;
import dev.lanewise.cuda.layer.LayerMemory;
import dev.lanewise.cuda.layer.TokenSquares;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Frozen;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.tensor.InsufficientMemoryException;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
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
  private final long roots;
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
    TokenSquares tokens = training ? tokens(spec, places.trainedCount()) : TokenSquares.NONE;
    long values = (tokens.behind() == 0 ? 1L : 2L) * places.trainedCount();
    gradient = training ? arena.allocate("gradients", values) : 0;
    roots = tokens.behind() == 0 ? 0 : gradient + tokens.behind();
    LayerMemory memory =
        LayerMemory.of(arena, maximumRows, weights, gradient, training, seed, tokens);
    RnnTiles tiles = RnnTiles.of(spec);
    fused = tiles.fused() ? new RnnFused(memory, spec, tiles) : null;
    losses = new CudaLosses(memory, spec);
    network = fused == null ? new CudaGraph(memory, spec, places, losses) : fused;
    penalties = new CudaPenalties(memory, places);
  }

  /** A table with a penalty has one gradient of all rows, as in Keras. */
  private static TokenSquares tokens(ModelSpec spec, int count) {
    boolean apart =
        spec.layers().stream()
            .filter(layer -> !(layer instanceof Frozen))
            .map(Embedding::in)
            .anyMatch(
                table -> table != null && table.rule().regularizer().equals(Regularizer.NONE));
    GradientClipping clipping = spec.optimizer().clipping();
    double limit = clipping.kind() == GradientClipping.Kind.VALUE ? clipping.limit() : 0;
    return apart ? new TokenSquares((long) count * Float.BYTES, limit) : TokenSquares.NONE;
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

  /**
   * Returns the address of what an optimizer squares in the place of gradients, which are no
   * numbers where it squares these themselves; 0 where it always does.
   */
  public long roots() {
    return roots;
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

  /**
   * Returns whether an output is judged under a mask, so that its loss is a mean over the steps
   * that count in a batch, and hence depends on which samples a pass takes together.
   */
  public boolean judgesUnderMasks() {
    return losses.judgeUnderMasks();
  }

  /** Returns the states that layers keep from batch to batch. */
  public List<Signal> keptStates() {
    return network.keptStates();
  }

  /** Returns what comes down for each sample. */
  public CudaMeasures measures() {
    return losses.measures();
  }
}
