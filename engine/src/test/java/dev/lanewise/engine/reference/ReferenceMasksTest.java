package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.CellLayer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ReferenceMasksTest {
  private static final int WIDTH = 64;

  private static ReferenceMasks drawn(double dropout, double recurrentDropout, long key) {
    CellLayer layer = Lstm.of(WIDTH).withDropout(dropout, recurrentDropout);
    return ReferenceMasks.drawn(layer, key, 4, WIDTH);
  }

  @Test
  void everyGateLosesItsOwnInputsAndStates() {
    ReferenceMasks masks = drawn(0.5, 0.5, 3);
    List<double[]> all = new ArrayList<>(masks.inputs());
    all.addAll(masks.states());
    assertThat(all.stream().map(Arrays::toString)).hasSize(8).doesNotHaveDuplicates();
  }

  @Test
  void allGatesLoseTheSameInputsWhereNoStatesAreDropped() {
    ReferenceMasks masks = drawn(0.5, 0, 3);
    assertThat(masks.inputs()).hasSize(1);
    assertThat(masks.states()).isEmpty();
    double[] ones = new double[WIDTH];
    Arrays.fill(ones, 1);
    assertThat(masks.ofInput(3, ones)).containsExactly(masks.ofInput(0, ones));
    assertThat(masks.ofState(3, ones)).containsExactly(ones);
  }

  @Test
  void theShareThatIsDroppedIsTheRate() {
    double inputs = 0;
    double states = 0;
    for (int key = 0; key < 250; key++) {
      ReferenceMasks masks = drawn(0.3, 0.1, key);
      inputs += dropped(masks.inputs());
      states += dropped(masks.states());
    }
    assertThat(inputs / 250).isCloseTo(0.3, Offset.offset(0.01));
    assertThat(states / 250).isCloseTo(0.1, Offset.offset(0.01));
  }

  private static double dropped(List<double[]> masks) {
    return masks.stream()
        .flatMapToDouble(Arrays::stream)
        .map(f -> f == 0 ? 1 : 0)
        .average()
        .orElse(0);
  }

  /** With the same weights and a sequence that is its own reverse they differ in nothing else. */
  @Test
  void eachDirectionSampleAndUpdateHasItsOwnAndNothingIsDroppedAtRest() {
    Bidirectional both = Bidirectional.of(SimpleRnn.of(9).withDropout(0.5, 0));
    Random random = new Random(2);
    double[] kernel = Configurations.randoms(random, 9 * 9, 0.4);
    double[] recurrent = Configurations.randoms(random, 9 * 9, 0.4);
    double[] bias = new double[9];
    ReferenceLayer layer =
        ReferenceLayer.of(
            both, List.of(kernel, recurrent, bias, kernel, recurrent, bias), Shape.of(3, 9));
    double[] step = Configurations.randoms(random, 9, 1);
    Signal twice = Signal.of(repeated(step, 6), 3, 2, 9);
    layer.train(7, 1, 0);
    List<double[]> first = halves(layer.forward(twice).toArray());
    layer.train(7, 2, 0);
    List<double[]> second = halves(layer.forward(twice).toArray());
    assertThat(first.stream().map(Arrays::toString)).hasSize(4).doesNotHaveDuplicates();
    assertThat(second.getFirst()).isNotEqualTo(first.getFirst());
    layer.train(7, 1, 0);
    assertThat(halves(layer.forward(twice).toArray()).getFirst()).containsExactly(first.getFirst());
    layer.rest();
    assertThat(halves(layer.forward(twice).toArray()).stream().map(Arrays::toString).distinct())
        .hasSize(1);
  }

  private static double[] repeated(double[] step, int times) {
    double[] all = new double[times * step.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = step[i % step.length];
    }
    return all;
  }

  private static List<double[]> halves(double[] outputs) {
    List<double[]> halves = new ArrayList<>();
    for (int from = 0; from < outputs.length; from += 9) {
      halves.add(Arrays.copyOfRange(outputs, from, from + 9));
    }
    return halves;
  }
}
