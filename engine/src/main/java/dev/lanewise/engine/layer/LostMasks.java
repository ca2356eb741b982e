package dev.lanewise.engine.layer;

import dev.lanewise.engine.layer.Graph.Node;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The masks that are gone where they would be looked at. As Keras runs a model, an attention of
 * several heads takes away the masks of what it reads: attentions that read the same later see
 * none, nor does what is made of it then, or the loss. A layer that is told its mask heeds it all
 * the same, as a file tells the mask of a sequence to every layer whose call can take one.
 */
public final class LostMasks {
  private final Graph graph;

  /** By value: the nodes that it is made by and of. */
  private final List<BitSet> makers = new ArrayList<>();

  /** By value: the nodes that take its mask away. */
  private final List<BitSet> takers = new ArrayList<>();

  /** The values that are made without the mask that they should have. */
  private final BitSet gone = new BitSet();

  /**
   * Follows the masks of a graph.
   *
   * @throws IllegalArgumentException if it is not told by the graph whether one is gone
   */
  LostMasks(Graph graph) {
    this.graph = graph;
    if (graph.nodes().stream().anyMatch(this::takesAway)) {
      graph.shapes().forEach(_ -> takers.add(new BitSet()));
      graph.inputs().forEach(_ -> makers.add(new BitSet()));
      for (int n = 0; n < graph.nodes().size(); n++) {
        enter(n);
      }
      for (int n = 0; n < graph.nodes().size(); n++) {
        gone.set(graph.firstValue(n), graph.firstValue(n + 1), givesWithout(n));
      }
    }
  }

  private boolean takesAway(Node node) {
    return bare(node) instanceof MultiHeadAttention
        && node.reads().stream().anyMatch(value -> graph.masks().of(value) != null);
  }

  private Layer bare(Node node) {
    return graph.layers().get(node.layer()).unfrozen();
  }

  private void enter(int n) {
    Node node = graph.nodes().get(n);
    BitSet all = new BitSet();
    node.reads().forEach(value -> all.or(makers.get(value)));
    all.set(n);
    for (int value = graph.firstValue(n); value < graph.firstValue(n + 1); value++) {
      makers.add(all);
    }
    if (takesAway(node)) {
      node.reads().forEach(value -> takers.get(value).set(n));
    }
  }

  /**
   * {@return whether an attention of several heads looks at what it reads without its mask} Others
   * look at it with their mask, or what is made of it is {@linkplain #ofOutput known} to be
   * without.
   *
   * @param n the node
   * @param place where it reads it
   */
  public boolean at(int n, int place) {
    return bare(graph.nodes().get(n)) instanceof MultiHeadAttention && isGone(n, place);
  }

  /**
   * {@return whether the mask of what a node reads is gone before it looks, be it told or not}
   *
   * @param n the node
   * @param place where it reads it
   */
  public boolean isGone(int n, int place) {
    int value = takers.isEmpty() ? MaskFlow.NONE : graph.nodes().get(n).reads().get(place);
    if (graph.masks().of(value) == null) {
      return false;
    }
    BitSet before = makers.get(graph.firstValue(n));
    boolean lost = gone.get(value);
    for (int taker : takers.get(value).stream().filter(taker -> taker != n).toArray()) {
      lost |= before.get(taker);
    }
    return lost;
  }

  private static boolean isList(Layer layer) {
    return layer instanceof Merge && !(layer instanceof MultiHeadAttention);
  }

  /** Files tell the mask of the one value that a call reads. */
  private boolean isTold(Node node) {
    boolean one = node.reads().size() == 1 && MaskFlow.takesMasks(bare(node));
    return one || !node.masks().isEmpty();
  }

  /** Returns whether a node's outputs are without a mask that they should have. */
  private boolean givesWithout(int n) {
    Node node = graph.nodes().get(n);
    Layer layer = bare(node);
    boolean looks =
        layer instanceof MultiHeadAttention || isList(layer) || MaskFlow.passesOn(layer);
    boolean lost = false;
    for (int place = 0; looks && place < node.reads().size(); place++) {
      requireKnown(n, node, place);
      boolean at = isGone(n, place) && !isTold(node);
      if (at && isList(layer) && !(layer instanceof Pointwise)) {
        throw new IllegalArgumentException(
            "model: a "
                + layer.className()
                + " reads a value whose mask a MultiHeadAttention has taken away, which is not"
                + " offered");
      }
      lost |= at && (place == 0 || layer instanceof Pointwise);
    }
    return lost && graph.masks().of(graph.firstValue(n)) != null;
  }

  /** Which of two nodes comes first is told where one is made of what the other gives. */
  private void requireKnown(int n, Node node, int place) {
    int value = node.reads().get(place);
    if (graph.masks().of(value) == null || isTold(node)) {
      return;
    }
    for (int taker : takers.get(value).stream().filter(taker -> taker != n).toArray()) {
      boolean after = makers.get(graph.firstValue(n)).get(taker);
      if (!after && !makers.get(graph.firstValue(taker)).get(n)) {
        throw new IllegalArgumentException(
            "model: a MultiHeadAttention takes away the mask of what a "
                + bare(node).className()
                + " reads beside it, and which of them comes first is not told; let one read what"
                + " the other gives");
      }
    }
  }

  /**
   * {@return whether the mask of an output is gone when the loss looks}
   *
   * @param value the output's value
   */
  public boolean ofOutput(int value) {
    return graph.masks().of(value) != null
        && (gone.get(value) || (!takers.isEmpty() && !takers.get(value).isEmpty()));
  }
}
