package dev.lanewise.engine.keras;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.MaskFlow;
import dev.lanewise.engine.layer.Masking;
import dev.lanewise.engine.layer.Recurrent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The masks that Keras 3 spells out in a functional model: what an {@link Embedding} with {@code
 * mask_zero} says of its ids, {@code NotEqual(ids, 0)}, is given by name to the recurrent layers
 * above it. Values carry their masks here, so that such an argument says nothing new, and any other
 * is refused.
 */
final class PaddingMasks {
  private static final JsonPrimitive ZERO = new JsonPrimitive(0);

  /** By the name of a comparison: the ids that are compared with zero. */
  private final Map<String, LayerOutput> comparisons = new HashMap<>();

  /** By value: that of the ids whose zeros are its mask. */
  private final Map<Integer, Integer> ids = new HashMap<>();

  /**
   * Adds a comparison.
   *
   * @throws ModelFormatException if it is none with zero
   */
  void add(String name, List<JsonElement> inbound) {
    LayerOutput compared = inbound.size() == 1 ? comparedOrNull(inbound.getFirst()) : null;
    if (compared == null) {
      throw new ModelFormatException(
          "layer "
              + LayerConfig.shortened(name)
              + " (NotEqual): is not the mask of an Embedding's ids, a comparison with 0; others"
              + " are not supported");
    }
    comparisons.put(name, compared);
  }

  private static @Nullable LayerOutput comparedOrNull(JsonElement node) {
    boolean two =
        node instanceof JsonObject object
            && object.get("args") != null
            && object.get("args").isJsonArray()
            && object.getAsJsonArray("args").size() == 2
            && object.getAsJsonArray("args").get(1).equals(ZERO);
    LayerCall call = two ? LayerCall.read("NotEqual", node) : null;
    return call != null && call.inputs().size() == 1 ? call.inputs().getFirst() : null;
  }

  /**
   * Refuses a call with another mask than what it reads carries anyway.
   *
   * @param reads the values that it reads
   * @param values where each output is among all values
   */
  void require(
      FunctionalCalls.Call call,
      Layer layer,
      List<Integer> reads,
      Map<LayerOutput, Integer> values) {
    LayerOutput mask = call.made().masks().getFirst();
    LayerOutput compared =
        mask.equals(LayerOutput.only(mask.layer())) ? comparisons.get(mask.layer()) : null;
    Integer carried = ids.get(reads.getFirst());
    boolean recurrent =
        layer.unfrozen() instanceof Recurrent || layer.unfrozen() instanceof Bidirectional;
    if (!recurrent
        || call.made().masks().size() > 1
        || compared == null
        || carried == null
        || !carried.equals(values.get(compared))) {
      throw new ModelFormatException(
          call.where()
              + " is called with mask = "
              + mask
              + ", which is not that of an Embedding with mask_zero below it; other masks by name"
              + " are not supported");
    }
  }

  /** Has a layer's first output carry the mask of what it reads first, or one of its own. */
  void carry(Layer layer, List<Integer> reads, int output) {
    Integer below = ids.get(reads.getFirst());
    Integer carried =
        switch (layer.unfrozen()) {
          case Embedding embedding -> embedding.maskZero() ? reads.getFirst() : null;
          case Masking masking -> null; // another than that of ids
          default -> MaskFlow.passesOn(layer) ? below : null;
        };
    if (carried != null) {
      ids.put(output, carried);
    }
  }
}
