package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.golden.GoldenDropout;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dropout inside recurrent layers against Keras's float64 values, with what Keras drew. */
class DropoutGoldenTest {
  private static final double TOLERANCE = 1e-12;

  static Stream<GoldenDropout> layers() {
    return GoldenDropout.all();
  }

  @ParameterizedTest
  @MethodSource("layers")
  void whatKerasDroppedGivesKerassOutputsAndGradients(GoldenDropout golden) {
    List<double[]> weights = golden.values().arrays("weight_").stream().map(Npy::values).toList();
    ReferenceLayer layer = dropping(golden, weights);
    same("y", layer.forward(signal(golden, "x").masked(mask(golden))), golden);
    List<double[]> gradients = weights.stream().map(w -> new double[w.length]).toList();
    same("grad_x", layer.backward(signal(golden, "upstream"), gradients), golden);
    for (int i = 0; i < weights.size(); i++) {
      same("grad_weight_" + i, gradients.get(i), golden);
    }
  }

  private static ReferenceLayer dropping(GoldenDropout golden, List<double[]> weights) {
    return switch (golden.layer()) {
      case CellLayer recurrent -> dropping(golden, recurrent, weights, "");
      case Bidirectional both -> {
        int own = weights.size() / 2;
        Signal x = signal(golden, "x");
        yield new ReferenceBidirectional(
            both,
            Shape.of(x.positions(), x.width()),
            dropping(golden, (CellLayer) both.forward(), weights.subList(0, own), "forward_"),
            dropping(
                golden, (CellLayer) both.backward(), weights.subList(own, 2 * own), "backward_"));
      }
      case Layer other -> throw new IllegalStateException("drops nothing: " + other);
    };
  }

  private static ReferenceRecurrent dropping(
      GoldenDropout golden, CellLayer recurrent, List<double[]> weights, String direction) {
    ReferenceRecurrent layer = new ReferenceRecurrent(recurrent, weights);
    layer.drop(sample -> masks(golden, recurrent, direction, sample));
    return layer;
  }

  private static ReferenceMasks masks(
      GoldenDropout golden, CellLayer layer, String direction, int sample) {
    return new ReferenceMasks(
        layer.dropout() > 0 ? golden.masks(direction + "dropout_mask", sample) : List.of(),
        layer.recurrentDropout() > 0
            ? golden.masks(direction + "recurrent_dropout_mask", sample)
            : List.of());
  }

  /** Returns the mask that Keras had beside the input, or null. */
  private static boolean[][] mask(GoldenDropout golden) {
    if (!golden.masked()) {
      return null;
    }
    Npy array = golden.values().array("mask");
    int samples = array.shape()[0];
    int steps = array.shape()[1];
    boolean[][] used = new boolean[steps][samples];
    for (int i = 0; i < samples * steps; i++) {
      used[i % steps][i / steps] = array.values()[i] != 0;
    }
    return used;
  }

  private static Signal signal(GoldenDropout golden, String member) {
    Npy array = golden.values().array(member);
    int[] shape = array.shape();
    return Signal.of(
        array.values(), shape.length == 3 ? shape[1] : 1, shape[0], shape[shape.length - 1]);
  }

  private static void same(String member, Signal found, GoldenDropout golden) {
    same(member, found.toArray(), golden);
  }

  private static void same(String member, double[] found, GoldenDropout golden) {
    assertThat(found)
        .as(member)
        .usingComparatorWithPrecision(TOLERANCE)
        .containsExactly(golden.values().array(member).values());
  }

  /** As many factors of as many elements, each 0 or the same other value. */
  @ParameterizedTest
  @MethodSource("layers")
  void whatIsDrawnHasTheFormOfWhatKerasDrew(GoldenDropout golden) {
    switch (golden.layer()) {
      case CellLayer recurrent -> alike(golden, recurrent, "");
      case Bidirectional both -> {
        alike(golden, (CellLayer) both.forward(), "forward_");
        alike(golden, (CellLayer) both.backward(), "backward_");
      }
      case Layer other -> throw new IllegalStateException("drops nothing: " + other);
    }
  }

  private static void alike(GoldenDropout golden, CellLayer layer, String direction) {
    ReferenceMasks keras = masks(golden, layer, direction, 0);
    int features = golden.values().input().size(-1);
    int gates = golden.values().array("weight_1").shape()[1] / layer.units();
    ReferenceMasks drawn = ReferenceMasks.drawn(layer, 17, gates, features);
    alike(drawn.inputs(), keras.inputs(), layer.dropout());
    alike(drawn.states(), keras.states(), layer.recurrentDropout());
  }

  private static void alike(List<double[]> drawn, List<double[]> keras, double rate) {
    assertThat(drawn.stream().map(mask -> mask.length))
        .containsExactlyElementsOf(keras.stream().map(mask -> mask.length).toList());
    for (List<double[]> masks : List.of(drawn, keras)) {
      masks.stream()
          .flatMapToDouble(Arrays::stream)
          .filter(factor -> factor != 0)
          .forEach(factor -> assertThat(factor).isEqualTo(1 / (1 - rate)));
    }
  }
}
