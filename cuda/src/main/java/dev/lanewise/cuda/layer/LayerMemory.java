package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.DeviceArena;
import dev.lanewise.engine.random.SplitMix64;

/**
 * What a layer is given to build itself with.
 *
 * @param arena where its buffers come from
 * @param maximumRows the samples of the largest batch
 * @param weights the address of its weights: kernel, recurrent kernel, bias, without gaps
 * @param gradient the address of their gradients, of no meaning unless it learns
 * @param kept the address of its arrays that no gradient changes, where there are such: beside
 *     weights that are trained, or all of a frozen layer
 * @param training whether there will be batches to train on
 * @param learns whether there are gradients of its weights
 * @param frozen whether training leaves the layer as it is, which is more than that it learns
 *     nothing
 * @param goesBack whether gradients by its outputs are wanted, by it or by what is below
 * @param seed what decides all that is drawn
 * @param layer its number in the model, which tells its draws from others'
 * @param call which of the layer's calls it is, which tells its draws from the others'
 */
public record LayerMemory(
    DeviceArena arena,
    int maximumRows,
    long weights,
    long gradient,
    long kept,
    boolean training,
    boolean learns,
    boolean frozen,
    boolean goesBack,
    long seed,
    int layer,
    int call) {
  /** Of a layer's number, those that count layers; the rest counts cells, as the CPU has it. */
  private static final int CELL_BITS = 16;

  /**
   * Returns what all layers of a model have in common, with the addresses of the first weights.
   *
   * @param training whether there will be batches to train on
   */
  public static LayerMemory of(
      DeviceArena arena,
      int maximumRows,
      long weights,
      long gradient,
      boolean training,
      long seed) {
    return new LayerMemory(
        arena, maximumRows, weights, gradient, 0, training, training, false, training, seed, 0, 0);
  }

  /** Returns what a layer of the model is given, whose arrays are there. */
  public LayerMemory placed(
      long itsWeights, long itsGradient, long itsKept, boolean itLearns, int number) {
    return new LayerMemory(
        arena,
        maximumRows,
        itsWeights,
        itsGradient,
        itsKept,
        training,
        training && itLearns,
        frozen,
        goesBack,
        seed,
        number,
        call);
  }

  /**
   * Returns the same for one of several calls of the layer.
   *
   * @param itsGradient where the gradients of the weights are to lie that it leaves
   * @param which the calls before it
   */
  public LayerMemory ofCall(long itsGradient, int which) {
    return new LayerMemory(
        arena,
        maximumRows,
        weights,
        itsGradient,
        kept,
        training,
        learns,
        frozen,
        goesBack,
        seed,
        layer,
        which);
  }

  /** Returns what decides what the layer draws, in this call of it: that of the CPU. */
  public long key() {
    long ofLayer = SplitMix64.combine(seed, layer);
    return call == 0 ? ofLayer : SplitMix64.combine(ofLayer, call);
  }

  /** Returns the same with the weights that lie behind so many values. */
  public LayerMemory after(long values) {
    long bytes = values * Float.BYTES;
    return placed(weights + bytes, gradient + bytes, kept, learns, layer);
  }

  /**
   * Returns the same for a layer upon others in this one's place, which draws for itself.
   *
   * @param cells how many are below
   */
  public LayerMemory upon(int cells) {
    return placed(weights, gradient, kept, learns, layer ^ (cells << CELL_BITS));
  }

  /** Returns the same for a layer that training leaves as it is, if it does. */
  public LayerMemory freezing(boolean isFrozen) {
    return new LayerMemory(
        arena,
        maximumRows,
        weights,
        gradient,
        kept,
        training,
        learns,
        isFrozen,
        goesBack,
        seed,
        layer,
        call);
  }

  /** Returns the same where gradients by the layer's outputs are wanted, or are not. */
  public LayerMemory goingBack(boolean wanted) {
    return new LayerMemory(
        arena,
        maximumRows,
        weights,
        gradient,
        kept,
        training,
        learns,
        frozen,
        training && wanted,
        seed,
        layer,
        call);
  }

  /** Returns the same for a layer for which each sample is so many. */
  LayerMemory times(int samples) {
    return new LayerMemory(
        arena,
        Math.multiplyExact(maximumRows, samples),
        weights,
        gradient,
        kept,
        training,
        learns,
        frozen,
        goesBack,
        seed,
        layer,
        call);
  }

  /** Returns the address of a buffer of [positions][rows][columns]. */
  public long floats(String what, long positions, long columns) {
    return arena.allocate(
        what, Math.multiplyExact(Math.multiplyExact(positions, maximumRows), columns));
  }

  /** As {@link #floats} where the way back needs them, else 0. */
  public long trainingFloats(String what, long positions, long columns) {
    return goesBack ? floats(what, positions, columns) : 0;
  }
}
