package dev.lanewise.engine.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.MaskFlow;
import dev.lanewise.engine.layer.Recurrent;

/**
 * Where an unrolled walk gives other numbers than the same walk in a loop: Keras turns the mask
 * over to walk a sequence from its end, but zeroes outputs at masked steps by the mask as it was
 * (backend rnn, unrolled, zero_output_for_mask, which Bidirectional always sets).
 */
final class UnrolledMasks {
  private static final JsonElement TRUE = new JsonPrimitive(true);

  private UnrolledMasks() {}

  /**
   * Refuses a model with unrolled layers if one of its layers zeroes outputs on the way back.
   *
   * @param model its settings, with those of all layers in it
   * @param graph what it is read as
   * @throws ModelFormatException naming what to set
   */
  static void requireNone(Config model, Graph graph) {
    if (isUnrolled(model.json()) && graph.nodes().stream().anyMatch(n -> zeroes(graph, n))) {
      throw new ModelFormatException(
          model.where()
              + ": key unroll must be false where a masked sequence is walked from its end and"
              + " returned with zeros at masked steps; unrolled, Keras has these zeros at other"
              + " steps than in its loop");
    }
  }

  private static boolean zeroes(Graph graph, Graph.Node node) {
    Layer layer = graph.layers().get(node.layer()).unfrozen();
    boolean backwards =
        switch (layer) {
          case Bidirectional both -> both.forward().returnSequences();
          case Recurrent one ->
              one.goBackwards() && one.zeroOutputForMask() && one.returnSequences();
          default -> false;
        };
    if (!backwards) {
      return false;
    }
    int heeded = MaskFlow.heeded(layer, node, 0);
    return heeded != MaskFlow.NONE && graph.masks().of(heeded) != null;
  }

  private static boolean isUnrolled(JsonElement element) {
    return switch (element) {
      case JsonObject object ->
          TRUE.equals(object.get("unroll"))
              || object.asMap().values().stream().anyMatch(UnrolledMasks::isUnrolled);
      case JsonArray array -> array.asList().stream().anyMatch(UnrolledMasks::isUnrolled);
      default -> false;
    };
  }
}
