package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.GetItem.Index;
import dev.lanewise.engine.layer.GetItem.Part;
import dev.lanewise.engine.layer.GetItem.Slice;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Parts of samples of three sizes, element by element. */
class GetItemTest {
  private static final Shape INPUT = Shape.of(4, 3, 5);

  static Stream<Arguments> parts() {
    Slice some = new Slice(1, null, null);
    Slice turned = new Slice(null, null, -2);
    return Stream.of(
        Arguments.of(List.of(Slice.ALL, some, Slice.ALL), Shape.of(4, 2, 5)),
        Arguments.of(List.of(new Index(-1)), Shape.of(3, 5)),
        Arguments.of(List.of(Slice.ALL, new Index(1)), Shape.of(4, 5)),
        Arguments.of(List.of(Slice.ALL, Slice.ALL, new Index(2)), Shape.of(4, 3)),
        Arguments.of(List.of(some, Slice.ALL, new Index(2)), Shape.of(3, 3)),
        Arguments.of(List.of(new Index(2), some, new Index(0)), Shape.of(2)),
        Arguments.of(List.of(new Index(2), new Index(-2), turned), Shape.of(3)),
        Arguments.of(List.of(turned, some, turned), Shape.of(2, 2, 3)));
  }

  @ParameterizedTest
  @MethodSource("parts")
  void takesWhatIsNamed(List<Part> parts, Shape output) {
    GetItem item = new GetItem(parts);
    assertThat(item.outputShape(INPUT)).isEqualTo(output);
    float[] x = new float[2 * 60];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
    }
    List<Float> expected = new ArrayList<>();
    for (int sample = 0; sample < 2; sample++) {
      for (int a : item.places(0, INPUT).stream().toArray()) {
        for (int b : item.places(1, INPUT).stream().toArray()) {
          for (int c : item.places(2, INPUT).stream().toArray()) {
            expected.add(x[sample * 60 + (a * 3 + b) * 5 + c]);
          }
        }
      }
    }
    try (Model model =
        Model.graph(g -> g.output(g.apply(item, g.input("x", INPUT))))
            .compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR)) {
      Dataset data = Dataset.of(INPUT, x, new float[2], 1);
      assertThat(model.predict(data, 2)).containsExactly(expected.toArray(Float[]::new));
    }
  }
}
