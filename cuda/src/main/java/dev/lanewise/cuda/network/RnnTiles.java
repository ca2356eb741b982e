package dev.lanewise.cuda.network;

import dev.lanewise.cuda.kernel.ActivationCode;
import dev.lanewise.engine.backend.LossForm;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.layer.SimpleRnn;

/**
 * Which path a model takes, and why: the fused kernels where the model is of their form and its
 * weights fit the registers of a block, one product a step otherwise.
 *
 * @param tile how large the fused kernel is, {@code rnn_fused_TILE}: up to 32 units for each, 0 for
 *     the general path
 * @param reason why, in one line
 */
public record RnnTiles(int tile, String reason) {
  /** Samples of a block. */
  public static final int SAMPLES = 2;

  /** Blocks of a launch that leaves gradients: one for each multiprocessor of a large device. */
  public static final int MOST_PARTS = 132;

  private static final int COLUMNS = 32; // for each of the tile
  private static final int MORE_INPUTS = 32;
  private static final int THREADS = 64; // for each of the tile
  private static final int SMALLEST = 2;
  private static final int LARGEST = 6;
  private static final int MOST_CLASSES = 64;

  /** The path that a system property asks for: {@code fused} is the choice unless set. */
  public static final String PROPERTY = "lanewise.cuda.path";

  public boolean fused() {
    return tile > 0;
  }

  /** Returns the columns of the weights' copies, see {@code packing.cuh}. */
  public int width() {
    return COLUMNS * tile;
  }

  /** Returns the rows of the copy that the way forward reads. */
  public int inputs() {
    return width() + MORE_INPUTS;
  }

  /** Returns a block's threads. */
  public int threads() {
    return THREADS * tile;
  }

  /** Returns a number of values rounded up to fours, which a thread moves at once. */
  static int fours(int count) {
    return Math.ceilDiv(count, 4) * 4;
  }

  /** Chooses a model's path. */
  public static RnnTiles of(ModelSpec spec) {
    String path = System.getProperty(PROPERTY, "fused");
    if (!path.equals("fused") && !path.equals("general")) {
      throw new IllegalArgumentException(PROPERTY + " must be fused or general, found " + path);
    }
    if (path.equals("general")) {
      return general("-D" + PROPERTY + "=general");
    }
    if (!spec.graph().isChain()
        || spec.layers().size() != 2
        || !(spec.layers().get(0) instanceof SimpleRnn rnn)
        || !(spec.layers().get(1) instanceof Dense dense)) {
      return general("the model is not one SimpleRNN under one dense layer");
    }
    if (rnn.returnSequences() || dense.activation() != Activation.SOFTMAX) {
      return general("the dense layer is not a softmax over the last state");
    }
    if (spec.parameters().stream().anyMatch(each -> !each.regularizer().equals(Regularizer.NONE))) {
      return general("penalties are added to gradients layer by layer");
    }
    if (rnn.dropout() > 0) {
      return general("the fused kernels drop nothing");
    }
    if (!ActivationCode.isWithProducts(rnn.activation())) {
      return general("the fused kernels have no activation " + rnn.activation().kerasName());
    }
    if (!(spec.lossForm() instanceof LossForm.SoftmaxCrossentropy(boolean _, double smoothing))) {
      return general("the loss is not a crossentropy");
    }
    if (smoothing != 0 || spec.outputs().getFirst().weight() != 1) {
      return general("the fused kernels smooth no labels and weigh no loss");
    }
    if (dense.units() > MOST_CLASSES) {
      return general(dense.units() + " classes, the fused kernels take " + MOST_CLASSES);
    }
    return ofSize(rnn.units(), spec.input().size(1));
  }

  private static RnnTiles ofSize(int units, int features) {
    for (int tile = SMALLEST; tile <= LARGEST; tile++) {
      int width = COLUMNS * tile;
      boolean wideEnough = units <= width && features <= width; // a thread brings one value at most
      if (wideEnough && fours(features) + units <= width + MORE_INPUTS) {
        return new RnnTiles(
            tile, "fused: the weights of " + units + " units fit the registers of a block");
      }
    }
    return general(
        units
            + " units and "
            + features
            + " features do not fit the registers of a block ("
            + COLUMNS * LARGEST
            + " of each, "
            + (COLUMNS * LARGEST + MORE_INPUTS)
            + " together)");
  }

  private static RnnTiles general(String why) {
    return new RnnTiles(0, "general: " + why);
  }
}
