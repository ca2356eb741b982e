package dev.lanewise.engine.layer;

import dev.lanewise.engine.layer.Graph.Input;
import dev.lanewise.engine.layer.Graph.Node;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Where masks go on their way through a graph, by Keras's rules: the one place that has them. */
public final class MaskFlow {
  /** Stands for no value, whose mask then is none. */
  public static final int NONE = -1;

  /** By value. */
  private final List<@Nullable Mask> masks = new ArrayList<>();

  /** By value: which steps count of those that its steps are sequences of. */
  private final List<@Nullable Mask> within = new ArrayList<>();

  /**
   * Begins with the inputs, which are unmasked; of one that tells a mask, it is that one.
   *
   * @param inputs the graph's
   */
  public MaskFlow(List<Input> inputs) {
    for (int i = 0; i < inputs.size(); i++) {
      masks.add(inputs.get(i).tellsMask() ? new Mask.Told(i, 0) : null);
      within.add(null);
    }
  }

  /**
   * {@return which steps count of the sequences that a value's steps are, absent where all do: a
   * layer heeds them whose call says so, at each step}
   *
   * @param value its number
   */
  @SuppressWarnings("exports")
  public @Nullable Mask within(int value) {
    return within.get(value);
  }

  /**
   * Ends the masks within a value's steps, as a model that is called at each step ends.
   *
   * @param value its number
   */
  public void endWithin(int value) {
    within.set(value, null);
  }

  /**
   * {@return which steps of a value count, absent where all do}
   *
   * @param value its number: inputs first, then what nodes give
   */
  @SuppressWarnings("exports")
  public @Nullable Mask of(int value) {
    return value == NONE ? null : masks.get(value);
  }

  /**
   * {@return a value with a mask of this formula, or {@link #NONE}}
   *
   * @param mask the formula
   */
  public int carrierOf(Mask mask) {
    return masks.indexOf(mask);
  }

  /**
   * {@return whether what a layer makes of a masked sequence is masked as well}
   *
   * @param layer the layer
   */
  public static boolean passesOn(Layer layer) {
    return switch (layer) {
      case Recurrent recurrent -> recurrent.returnSequences();
      case Bidirectional both -> both.returnSequences();
      case Frozen frozen -> passesOn(frozen.layer());
      case Attention attention -> true; // that of the query
      case AdditiveAttention attention -> true;
      case MultiHeadAttention attention -> true;
      case RmsNormalization _, // as Keras has it, other than all its like
          Flatten _,
          Reshape _,
          RepeatVector _,
          Conv1D _,
          SparseConvolution _,
          MaxPooling1D _,
          AveragePooling1D _,
          GlobalMaxPooling1D _,
          GlobalAveragePooling1D _,
          GridConvolution _,
          GridPooling _,
          GlobalGridPooling _,
          Relocation _,
          Permute _,
          ZeroPadding1D _,
          Cropping1D _,
          UpSampling1D _,
          Operation _,
          Softmax _,
          Embedding _,
          Pointwise _,
          Concatenate _,
          Dot _ ->
          false;
      case Dense _,
          TimeDistributed _,
          ActivationLayer _,
          LeakyRelu _,
          Rowwise _,
          LayerNormalization _,
          GroupNormalization _, // and does not heed it, as Keras has it
          BatchNormalization _,
          Rescaling _,
          Normalization _,
          Masking _,
          Dropout _,
          SpatialDropout _ ->
          true;
    };
  }

  /**
   * {@return how many of a layer's values are masked as the first is; others never are}
   *
   * @param layer the layer
   */
  public static int maskedAlike(Layer layer) {
    return layer.unfrozen() instanceof Bidirectional both ? both.outputs() : 1;
  }

  /**
   * {@return whether a layer can be told by name which masks to heed}
   *
   * @param layer the layer
   */
  public static boolean takesMasks(Layer layer) {
    return switch (layer.unfrozen()) {
      case Recurrent _,
          Bidirectional _,
          BatchNormalization _,
          TimeDistributed _,
          GlobalAveragePooling1D _,
          Attention _,
          AdditiveAttention _ ->
          true;
      default -> false; // Keras's call has no such parameter
    };
  }

  /**
   * {@return the value whose mask a node heeds in what it reads at a place, {@link #NONE} if it
   * heeds none there} A recurrent layer that begins with states of others does not look at the mask
   * of its sequence, unless it is told to: so Keras has it.
   *
   * @param layer the layer
   * @param node the call
   * @param place where it reads it
   */
  public static int heeded(Layer layer, Node node, int place) {
    if (!node.masks().isEmpty()) {
      return place < node.masks().size() ? node.masks().get(place) : NONE;
    }
    Layer bare = layer.unfrozen();
    boolean recurrent = bare instanceof Recurrent || bare instanceof Bidirectional;
    return recurrent && node.reads().size() > 1 ? NONE : node.reads().get(place);
  }

  /**
   * {@return the value whose mask a node's first outputs have as it is, or {@link #NONE}}
   *
   * @param layer the layer
   * @param node the call
   */
  public static int passedOn(Layer layer, Node node) {
    Layer bare = layer.unfrozen();
    if (bare instanceof Masking || !passesOn(bare)) {
      return NONE;
    }
    return node.masks().isEmpty() ? node.reads().getFirst() : node.masks().getFirst();
  }

  /**
   * Enters what a node gives: its first output, and others, which have its mask or none.
   *
   * @param layer the layer
   * @param node the call
   * @param read the shapes of what it reads
   * @param outputs how many values it gives
   * @throws IllegalArgumentException if masks come together that do not fit, or one is told to a
   *     layer that takes none
   */
  public void enter(Layer layer, Node node, List<Shape> read, int outputs) {
    Layer bare = layer.unfrozen();
    if (!node.masks().isEmpty()) {
      requireTaken(bare, node, read);
    }
    Mask inner = null;
    if (bare instanceof TimeDistributed distributed) {
      requireUnmasked(distributed, node);
      inner = within(distributed, node);
    }
    if (convolves(bare) && of(heeded(layer, node, 0)) != null) {
      throw new IllegalArgumentException(
          bare.className()
              + ": convolutions of a masked sequence are not offered; end the mask before");
    }
    int first = node.reads().getFirst();
    if (bare instanceof Softmax && of(first) != null) {
      throw new IllegalArgumentException(
          "Softmax: of a masked sequence is not offered; end the mask before");
    }
    List<@Nullable Mask> below = new ArrayList<>();
    for (int value : node.reads()) {
      below.add(of(value));
    }
    boolean byHead =
        bare instanceof MultiHeadAttention heads
            && heads.attentionMask()
            && read.getLast().rank() > 2;
    if (byHead && below.stream().anyMatch(Objects::nonNull)) {
      throw new IllegalArgumentException(
          "MultiHeadAttention: an attention mask of sizes of its own for heads, beside masked"
              + " sequences, is not offered; give one of [queries, values]");
    }
    masks.add(
        switch (bare) {
          case Masking masking -> new Mask.Told(first, (float) masking.maskValue());
          case Embedding embedding -> embedding.maskZero() ? new Mask.Told(first, 0) : null;
          case Pointwise each -> merged(each, below, read);
          case Concatenate side ->
              side.ofFeatures(read.getFirst().rank())
                  ? side.rule().of(below)
                  : Mask.inTurn(
                      IntStream.range(0, read.size())
                          .mapToObj(i -> new Mask.Part(read.get(i).size(0), below.get(i)))
                          .toList());
          default -> of(passedOn(bare, node));
        });
    for (int i = 1; i < outputs; i++) {
      masks.add(i < maskedAlike(bare) ? masks.getLast() : null);
    }
    for (int i = 0; i < outputs; i++) {
      within.add(inner);
    }
  }

  /** Returns the mask within steps of what a layer gives that is called at each of them. */
  private @Nullable Mask within(TimeDistributed distributed, Node node) {
    int read = node.reads().getFirst();
    Layer each = distributed.layer();
    if (each instanceof Embedding embedding && embedding.maskZero()) {
      return new Mask.Told(read, 0);
    }
    Mask heeded = node.within() ? within.get(read) : null;
    boolean merged =
        distributed.innermost() instanceof Merge
            && node.reads().stream().anyMatch(value -> within.get(value) != null);
    if (merged || (heeded != null && (convolves(each) || each instanceof Softmax))) {
      throw new IllegalArgumentException(
          "model: TimeDistributed of "
              + each.className()
              + " reads sequences that are masked within its steps, which is not offered; end the"
              + " mask before");
    }
    return heeded != null && passesOn(each) ? heeded : null;
  }

  private static boolean convolves(Layer layer) {
    return layer instanceof ConvLstm
        || (layer instanceof Bidirectional both && both.forward() instanceof ConvLstm);
  }

  /** What acts on parts of a sequence by itself would need a mask of each. */
  private void requireUnmasked(TimeDistributed distributed, Node node) {
    boolean masked = node.reads().stream().anyMatch(value -> of(value) != null);
    if (!distributed.actsOnFeatures() && masked) {
      throw new IllegalArgumentException(
          "model: TimeDistributed of "
              + distributed.layer().className()
              + " reads a masked sequence, which is not offered; leave the mask out");
    }
  }

  private static @Nullable Mask merged(
      Pointwise layer, List<@Nullable Mask> below, List<Shape> read) {
    Mask mask = layer.rule().of(below);
    int steps = Merge.steps(layer.mergedShape(read));
    boolean fit =
        IntStream.range(0, read.size())
            .allMatch(i -> below.get(i) == null || Merge.steps(read.get(i)) == steps);
    if (mask != null && !fit) {
      throw new IllegalArgumentException(
          layer.className()
              + ": masks of sequences of different lengths do not fit, found "
              + read
              + "; repeat the shorter one before");
    }
    return mask;
  }

  private void requireTaken(Layer layer, Node node, List<Shape> read) {
    if (!takesMasks(layer)) {
      throw new IllegalArgumentException(layer.className() + ": takes no mask by name");
    }
    if (node.masks().size() > Math.min(2, read.size())) {
      throw new IllegalArgumentException(
          layer.className() + ": takes fewer masks by name, found " + node.masks().size());
    }
  }
}
