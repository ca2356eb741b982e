package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.DeviceArena;
import dev.lanewise.engine.random.SplitMix64;

/** What a layer is given to build itself with. It is a value: what changes one gives another. */
public final class LayerMemory {
  /** Of a layer's number, those that count layers; the rest counts cells, as the CPU has it. */
  private static final int CELL_BITS = 16;

  private final DeviceArena arena;
  private final boolean training;
  private final long seed;
  private final TokenSquares tokens;

  // Written until a copy is handed out, and never after.
  private int maximumRows;
  private long weights;
  private long gradient;
  private long kept;
  private boolean learns;
  private boolean frozen;
  private boolean goesBack;
  private int layer;
  private int call;
  private int calls = 1;
  private long mask;

  private LayerMemory(DeviceArena arena, boolean training, long seed, TokenSquares tokens) {
    this.arena = arena;
    this.training = training;
    this.seed = seed;
    this.tokens = tokens;
  }

  private LayerMemory copy() {
    LayerMemory copy = new LayerMemory(arena, training, seed, tokens);
    copy.maximumRows = maximumRows;
    copy.weights = weights;
    copy.gradient = gradient;
    copy.kept = kept;
    copy.learns = learns;
    copy.frozen = frozen;
    copy.goesBack = goesBack;
    copy.layer = layer;
    copy.call = call;
    copy.calls = calls;
    copy.mask = mask;
    return copy;
  }

  /**
   * Returns what all layers of a model have in common, with the addresses of the first weights.
   *
   * @param arena where buffers come from
   * @param maximumRows the samples of the largest batch
   * @param training whether there will be batches to train on
   * @param seed what decides all that is drawn
   * @param tokens how the gradients of tables for tokens are seen
   */
  public static LayerMemory of(
      DeviceArena arena,
      int maximumRows,
      long weights,
      long gradient,
      boolean training,
      long seed,
      TokenSquares tokens) {
    LayerMemory all = new LayerMemory(arena, training, seed, tokens);
    all.maximumRows = maximumRows;
    all.weights = weights;
    all.gradient = gradient;
    all.learns = training;
    all.goesBack = training;
    return all;
  }

  /** Returns where the layer's buffers come from. */
  public DeviceArena arena() {
    return arena;
  }

  /** Returns the samples of the largest batch. */
  public int maximumRows() {
    return maximumRows;
  }

  /** Returns the address of its weights: kernel, recurrent kernel, bias, without gaps. */
  public long weights() {
    return weights;
  }

  /** Returns the address of their gradients, of no meaning unless it learns. */
  public long gradient() {
    return gradient;
  }

  /**
   * Returns the address of its arrays that no gradient changes, where there are such: beside
   * weights that are trained, or all of a frozen layer.
   */
  public long kept() {
    return kept;
  }

  /** Returns whether there will be batches to train on. */
  public boolean training() {
    return training;
  }

  /** Returns whether there are gradients of its weights. */
  public boolean learns() {
    return learns;
  }

  /** Returns whether training leaves the layer as it is: more than that it learns nothing. */
  public boolean frozen() {
    return frozen;
  }

  /** Returns whether gradients by its outputs are wanted, by it or by what is below. */
  public boolean goesBack() {
    return goesBack;
  }

  /** Returns the address of which steps of its inputs count, 0 where all do; see mask.cu. */
  public long mask() {
    return mask;
  }

  /** Returns how the gradients of tables for tokens are seen. */
  TokenSquares tokens() {
    return tokens;
  }

  /** Returns what decides what the layer draws, in this call of it: that of the CPU. */
  public long key() {
    long ofLayer = SplitMix64.combine(seed, layer);
    return call == 0 ? ofLayer : SplitMix64.combine(ofLayer, call);
  }

  /**
   * Returns what a layer of the model is given, whose arrays are there.
   *
   * @param number the layer's, which tells its draws from others'
   */
  public LayerMemory placed(
      long itsWeights, long itsGradient, long itsKept, boolean itLearns, int number) {
    LayerMemory its = copy();
    its.weights = itsWeights;
    its.gradient = itsGradient;
    its.kept = itsKept;
    its.learns = training && itLearns;
    its.layer = number;
    return its;
  }

  /**
   * Returns the same for one of several calls of the layer, which draws for itself.
   *
   * @param itsGradient where the gradients of the weights are to lie that it leaves
   * @param which the calls before it
   */
  public LayerMemory ofCall(long itsGradient, int which) {
    LayerMemory its = copy();
    its.gradient = itsGradient;
    its.call = which;
    return its;
  }

  /**
   * Returns the same for one of several calls of the layer, which all add to the same gradients,
   * the last call first.
   */
  public LayerMemory amongCalls(int which, int of) {
    LayerMemory its = copy();
    its.call = which;
    its.calls = of;
    return its;
  }

  /** Returns whether no call of the layer comes before this one, be it that it has one only. */
  boolean isFirstCall() {
    return call == 0;
  }

  /** Returns whether none of those that add to the same gradients comes after this one. */
  boolean isLastCall() {
    return call == calls - 1;
  }

  /** Returns the same with weights, and gradients of them, that lie elsewhere. */
  LayerMemory at(long itsWeights, long itsGradient) {
    LayerMemory its = copy();
    its.weights = itsWeights;
    its.gradient = itsGradient;
    return its;
  }

  /** Returns the same with the weights that lie behind so many values. */
  public LayerMemory after(long values) {
    long bytes = values * Float.BYTES;
    return at(weights + bytes, gradient + bytes);
  }

  /**
   * Returns the same for a layer upon others in this one's place, which draws for itself.
   *
   * @param cells how many are below
   */
  public LayerMemory upon(int cells) {
    LayerMemory its = copy();
    its.layer ^= cells << CELL_BITS;
    return its;
  }

  /** Returns the same for a second layer in this one's place, which draws for itself. */
  public LayerMemory second() {
    LayerMemory its = copy();
    its.layer = ~layer;
    return its;
  }

  /** Returns the same for a layer that training leaves as it is, if it does. */
  public LayerMemory freezing(boolean isFrozen) {
    LayerMemory its = copy();
    its.frozen = isFrozen;
    return its;
  }

  /** Returns the same where gradients by the layer's outputs are wanted, or are not. */
  public LayerMemory goingBack(boolean wanted) {
    LayerMemory its = copy();
    its.goesBack = training && wanted;
    return its;
  }

  /** Returns the same for a layer that heeds a mask, or none if that is 0. */
  public LayerMemory masked(long heeded) {
    LayerMemory its = copy();
    its.mask = heeded;
    return its;
  }

  /**
   * Returns the same for a layer for which each sample is so many, within which no step is masked.
   */
  LayerMemory times(int samples) {
    LayerMemory its = masked(0);
    its.maximumRows = Math.multiplyExact(maximumRows, samples);
    return its;
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
