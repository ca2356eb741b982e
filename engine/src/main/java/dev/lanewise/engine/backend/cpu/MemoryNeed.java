package dev.lanewise.engine.backend.cpu;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Dropout;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.Frozen;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalGridPooling;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.GridConvolution;
import dev.lanewise.engine.layer.GridPooling;
import dev.lanewise.engine.layer.GroupNormalization;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.layer.Normalization;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Prelu;
import dev.lanewise.engine.layer.RecurrentOptions;
import dev.lanewise.engine.layer.Relocation;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.layer.Rowwise;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.Softmax;
import dev.lanewise.engine.layer.SparseConvolution;
import dev.lanewise.engine.layer.SpatialDropout;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.layer.UnitNormalization;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.WindowPlaces;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.tensor.InsufficientMemoryException;
import dev.lanewise.engine.tensor.MemoryLedger;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * What a model would take, known before it is built. A model file of a few kilobytes may claim any
 * number of steps, and what is built for each of them, if only to be counted, fills the heap before
 * the first byte is refused.
 */
final class MemoryNeed {
  /** From here on a step more always takes the same: see StepGradients, OneRow. */
  private static final int STEPS = 128;

  /** Bytes of heap of a step's views of a layer that has an input and an output. */
  private static final int OTHERS = 300;

  /** Of the ids of a step's tokens, in batches of up to 400. */
  private static final int TOKENS = 400 * 2 * Integer.BYTES + OTHERS;

  /** Of where an element is, and of room for it: two numbers, a float and two doubles. */
  private static final long ELEMENT = 3 * Integer.BYTES + 2 * Double.BYTES;

  /** Of a run of what windows see: four numbers there and back, and as many while it is renewed. */
  private static final long RUN = 4 * 4 * Integer.BYTES;

  private static final List<Integer> LAST = List.of(-1);

  private MemoryNeed() {}

  /**
   * Returns the off-heap bytes that a model takes.
   *
   * @param count counts them by building the model in a counting arena
   */
  static long offHeap(ModelSpec model, ToLongFunction<ModelSpec> count) {
    boolean ownSteps =
        !model.graph().isChain() || model.layers().stream().anyMatch(MemoryNeed::saysItsSteps);
    if (ownSteps && heap(model, 1) > Runtime.getRuntime().maxMemory() / 2) {
      return Long.MAX_VALUE; // too many views to be built, if only to be counted
    }
    if (ownSteps || model.input().rank() == 1 || model.input().size(0) <= STEPS) {
      return count.applyAsLong(model);
    }
    long first = count.applyAsLong(withSteps(model, STEPS));
    long each = count.applyAsLong(withSteps(model, STEPS + 1)) - first;
    try {
      return Math.addExact(first, Math.multiplyExact(each, model.input().size(0) - STEPS));
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE; // no machine has it
    }
  }

  /** Returns whether a layer's steps are its own, and not one for each of its input. */
  private static boolean saysItsSteps(Layer layer) {
    return switch (layer) {
      case Reshape reshape -> true;
      case RepeatVector repeat -> true;
      case Conv1D convolution -> true;
      case SparseConvolution convolution -> true;
      case MaxPooling1D pooling -> true;
      case AveragePooling1D pooling -> true;
      case Permute permute -> true;
      case ZeroPadding1D padding -> true;
      case Cropping1D cropping -> true;
      case UpSampling1D sampling -> true;
      case Operation operation -> true;
      case Embedding embedding -> true;
      case ConvLstm convolving -> true;
      case GridConvolution convolution -> true;
      case GridPooling pooling -> true;
      case GlobalGridPooling pooling -> true;
      case Relocation picture -> true;
      case Normalization normalization -> true; // which may have a mean for each
      case Prelu learnt -> true; // which may have a slope for each
      case LayerNormalization norm ->
          !norm.axes().equals(LAST); // or else may have weights for each
      case GroupNormalization norm -> norm.axis() != -1;
      case BatchNormalization norm -> norm.axis() != -1;
      case TimeDistributed each when isBatchOfItsOwn(each) -> true; // in training
      case Frozen frozen -> saysItsSteps(frozen.layer());
      default -> false; // gives a step for each, or none
    };
  }

  /** Returns whether the shards of a training batch meet on their way, each in room of its own. */
  static boolean meets(ModelSpec model) {
    return model.layers().stream()
        .anyMatch(
            layer ->
                layer instanceof BatchNormalization
                    || (layer instanceof TimeDistributed each && isBatchOfItsOwn(each)));
  }

  private static boolean isBatchOfItsOwn(TimeDistributed each) {
    return each.innermost() instanceof BatchNormalization;
  }

  private static ModelSpec withSteps(ModelSpec model, int steps) {
    return model.on(model.input().withFirst(steps));
  }

  /**
   * Throws unless there is room for a model, off-heap and on the heap.
   *
   * @param owner names it
   * @param offHeap what {@link #offHeap} returned
   * @param rooms how many times the rows of a batch have room on their way through the model
   * @throws InsufficientMemoryException if there is not
   */
  static void requireRoom(String owner, ModelSpec model, long offHeap, long rooms) {
    MemoryLedger.requireRoom(owner, offHeap);
    long heap = heap(model, rooms);
    long most = Runtime.getRuntime().maxMemory() / 2;
    if (heap > most) {
      throw new InsufficientMemoryException(
          String.format(
              Locale.ROOT,
              "%s needs about %,d bytes of heap for its steps, at most half of the heap, %,d, may"
                  + " go to them; take fewer steps or threads, or raise -Xmx",
              owner,
              heap,
              most));
    }
  }

  /** Returns about how many bytes of heap the views of a model's steps take, rather more. */
  static long heap(ModelSpec model, long rooms) {
    Graph graph = model.graph();
    long heap = 0;
    for (int n = 0; n < graph.nodes().size(); n++) {
      Graph.Node node = graph.nodes().get(n);
      Shape input = graph.shapes().get(node.reads().getFirst());
      Shape output = graph.shapes().get(graph.firstValue(n));
      heap +=
          (long) Math.max(input.positions(), output.positions())
              * stepHeap(graph.layers().get(node.layer()));
      heap += elementHeap(graph.layers().get(node.layer()), input);
      heap += windowHeap(graph.layers().get(node.layer()), input);
    }
    return heap * rooms;
  }

  /** Returns the bytes of what is of each element of what is normalized together, steps or not. */
  private static long elementHeap(Layer layer, Shape input) {
    boolean across =
        switch (layer.unfrozen()) {
          case LayerNormalization norm -> !norm.ofFeatures(input);
          case UnitNormalization norm -> !norm.ofFeatures(input);
          case GroupNormalization norm -> true;
          default -> false;
        };
    if (layer.unfrozen() instanceof TimeDistributed each) {
      return elementHeap(each.layer(), input.part());
    }
    return across ? Math.min(input.elementCount(), Integer.MAX_VALUE) * ELEMENT : 0;
  }

  /** Returns the bytes of what a convolution's places see, and of who sees its positions. */
  private static long windowHeap(Layer layer, Shape input) {
    return switch (layer.unfrozen()) {
      case Conv1D one -> runs(one.windows(input), one.window(), one.windows(input).count());
      case GridConvolution grid ->
          runs(
              grid.places(input), grid.window().axes().getLast(), grid.outputShape(input).size(-2));
      case TimeDistributed each -> windowHeap(each.layer(), input.part());
      default -> 0;
    };
  }

  /** Each place of a row is a run by itself where neighbours do not see neighbours. */
  private static long runs(WindowPlaces places, SlidingWindow window, int inARow) {
    long seen = (long) places.count() * places.size();
    return RUN * (window.strides() > 1 ? seen : seen / inARow);
  }

  /** Returns the bytes of a step's views in a room; measured, and some while they are renewed. */
  private static int stepHeap(Layer layer) {
    return switch (layer) {
      case SimpleRnn rnn -> 800 + dropHeap(rnn, 1); // 400 to 720
      case Lstm lstm -> 2400 + dropHeap(lstm, 4); // 1070 to 2150
      case Gru gru -> 2100 + dropHeap(gru, 3); // 920 to 1850
      case Rnn rnn -> rnn.cells().stream().mapToInt(MemoryNeed::stepHeap).sum();
      case Dense dense -> OTHERS; // 90 to 160
      case Bidirectional both -> stepHeap(both.forward()) + stepHeap(both.backward()) + OTHERS;
      case TimeDistributed each when isBatchOfItsOwn(each) -> 3 * OTHERS;
      case TimeDistributed distributed -> stepHeap(distributed.layer()) + OTHERS;
      case ActivationLayer function -> OTHERS;
      case LeakyRelu leaky -> OTHERS;
      case Softmax softmax -> OTHERS;
      case Rowwise rowwise -> OTHERS;
      case Masking masking -> OTHERS;
      case Dropout dropout -> OTHERS;
      case SpatialDropout dropout -> OTHERS;
      case Flatten flatten -> OTHERS;
      case Reshape reshape -> OTHERS;
      case RepeatVector repeat -> OTHERS;
      case Conv1D convolution -> OTHERS;
      case SparseConvolution convolution -> 2 * OTHERS;
      case MaxPooling1D pooling -> OTHERS;
      case AveragePooling1D pooling -> OTHERS;
      case GlobalMaxPooling1D pooling -> OTHERS;
      case GlobalAveragePooling1D pooling -> OTHERS;
      case ConvLstm convolving -> convolvingHeap(convolving.options());
      case GridConvolution convolution -> OTHERS;
      case GridPooling pooling -> OTHERS;
      case GlobalGridPooling pooling -> OTHERS;
      case Relocation picture -> OTHERS;
      case LayerNormalization norm -> saysItsSteps(norm) ? 3 * OTHERS : OTHERS;
      case GroupNormalization norm -> saysItsSteps(norm) ? 3 * OTHERS : OTHERS;
      case Rescaling rescaling -> OTHERS;
      case Normalization normalization -> OTHERS;
      case Permute permute -> OTHERS;
      case ZeroPadding1D padding -> OTHERS;
      case Cropping1D cropping -> OTHERS;
      case UpSampling1D sampling -> OTHERS;
      case Operation operation -> 2 * OTHERS; // as of merges
      case BatchNormalization norm -> saysItsSteps(norm) ? 3 * OTHERS : OTHERS;
      case Embedding embedding -> TOKENS;
      case Frozen frozen -> stepHeap(frozen.layer());
      case MultiHeadAttention attention ->
          (int) Math.min(Integer.MAX_VALUE, OTHERS * (8L + attention.heads()));
      case Merge merge -> 2 * OTHERS; // and as many again by what it keeps of each step
    };
  }

  private static int convolvingHeap(RecurrentOptions options) {
    boolean drops = options.dropout() > 0 || options.recurrentDropout() > 0;
    return drops ? 4 * OTHERS : OTHERS;
  }

  /** Returns the bytes of what is left of a step's operands in training. */
  private static int dropHeap(CellLayer layer, int gates) {
    if (layer.recurrentDropout() > 0) {
      return gates * 400; // 200 to 380
    }
    return layer.dropout() > 0 ? OTHERS : 0;
  }
}
