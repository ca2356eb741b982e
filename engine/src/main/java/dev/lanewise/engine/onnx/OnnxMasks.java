package dev.lanewise.engine.onnx;

import dev.lanewise.engine.layer.Graph;
import dev.lanewise.engine.layer.Mask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The masks of a model, each written once, where it is first heeded. */
final class OnnxMasks {
  private final OnnxGraph graph;
  private final Graph model;
  private final IntFunction<String> values;
  private final Map<Mask, OnnxMask> written = new HashMap<>();

  /**
   * Begins without any.
   *
   * @param values returns the name of a value that is written
   */
  OnnxMasks(OnnxGraph graph, Graph model, IntFunction<String> values) {
    this.graph = graph;
    this.model = model;
    this.values = values;
  }

  /** Returns the mask of a value, null where all its steps count. */
  @Nullable OnnxMask of(int value) {
    Mask mask = model.masks().of(value);
    return mask == null ? null : of(mask);
  }

  private OnnxMask of(Mask mask) {
    OnnxMask known = written.get(mask);
    if (known != null) {
      return known;
    }
    OnnxMask made =
        switch (mask) {
          case Mask.Told told ->
              OnnxMask.told(
                  graph,
                  next(),
                  values.apply(told.value()),
                  (float) told.masked(),
                  model.shapes().get(told.value()).rank() == 1);
          case Mask.Either either -> {
            List<OnnxMask> each = each(either.of());
            yield OnnxMask.either(graph, next(), each);
          }
          case Mask.All all -> {
            List<OnnxMask> each = each(all.of());
            yield OnnxMask.all(graph, next(), each);
          }
          case Mask.InTurn turns -> inTurn(turns);
        };
    written.put(mask, made);
    return made;
  }

  private List<OnnxMask> each(Set<Mask> masks) {
    return masks.stream()
        .sorted((a, b) -> a.toString().compareTo(b.toString()))
        .map(this::of)
        .toList();
  }

  private OnnxMask inTurn(Mask.InTurn turns) {
    List<OnnxMask> parts = new ArrayList<>();
    for (Mask.Part part : turns.of()) {
      if (part.mask() == null) {
        throw new IllegalArgumentException(
            "onnx: a mask of sequences one after another, one of them without, is not exported");
      }
      parts.add(of(part.mask()));
    }
    return OnnxMask.inTurn(graph, next(), parts);
  }

  private String next() {
    return "mask" + written.size();
  }
}
