package dev.lanewise.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.Cumsum;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.Elements.Function;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.Operation;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.Reduction.Kind;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is true or not, and functions that go up in steps, where it comes to the last bit. */
class TruthsTest {
  private static final float[] LEFT = {1, 2, -0f, 0, 3};
  private static final float[] RIGHT = {1, 1, 0, 2, 0};

  private static float[] answer(Operation operation, Shape shape, float[]... inputs) {
    float[] all = new float[inputs.length * inputs[0].length];
    for (int i = 0; i < inputs.length; i++) {
      System.arraycopy(inputs[i], 0, all, i * inputs[0].length, inputs[0].length);
    }
    List<Shape> shapes = Collections.nCopies(inputs.length, shape);
    try (Model model =
        Model.graph(
                g -> {
                  GraphBuilder.Value[] values = new GraphBuilder.Value[inputs.length];
                  for (int i = 0; i < inputs.length; i++) {
                    values[i] = g.input("x" + i, shape);
                  }
                  g.output(g.apply(operation, values));
                })
            .compile(Sgd.of(1), Loss.MEAN_SQUARED_ERROR)) {
      return model.predict(Dataset.of(shapes, all, new float[1], 1), 1);
    }
  }

  private static float[] row(String numbers) {
    String[] each = numbers.split(" ", -1);
    float[] row = new float[each.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = Float.parseFloat(each[i]);
    }
    return row;
  }

  @ParameterizedTest
  @CsvSource({
    "EQUAL, 1 0 1 0 0",
    "NOT_EQUAL, 0 1 0 1 1",
    "GREATER, 0 1 0 0 1",
    "GREATER_EQUAL, 1 1 1 0 1",
    "LESS, 0 0 0 1 0",
    "LESS_EQUAL, 1 0 1 1 0",
    "LOGICAL_AND, 1 1 0 0 0",
    "LOGICAL_OR, 1 1 0 1 1",
    "WHERE, 1 1 0 0 0",
  })
  void comparisonsAreThoseOfNumPy(Operator operator, String expected) {
    Shape shape = Shape.of(LEFT.length);
    assertThat(answer(Arithmetic.of(operator), shape, LEFT, RIGHT)).containsExactly(row(expected));
  }

  /** It counts for nothing, which a product with 0 would not. */
  @Test
  void whatIsNotTakenMayBeInfinite() {
    Shape shape = Shape.of(2);
    try (Model model =
        Model.graph(
                g -> {
                  GraphBuilder.Value x = g.input("x", shape);
                  GraphBuilder.Value infinite = g.apply(new Elements(Function.RECIPROCAL), x);
                  g.output(g.apply(Arithmetic.of(Operator.WHERE), x, infinite));
                })
            .compile(Sgd.of(1), Loss.MEAN_SQUARED_ERROR)) {
      Dataset data = Dataset.of(shape, new float[] {0, 4}, new int[1], 1);
      assertThat(model.predict(data, 1)).containsExactly(0, 0.25f);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SIGN, -1 -1 0 1 1 1 1",
    "FLOOR, -3 -1 0 0 0 1 2",
    "CEIL, -2 -0 0 1 1 2 3",
    "ROUND, -2 -0 0 0 1 2 2",
    "LOGICAL_NOT, 0 0 1 0 0 0 0",
    "CAST, -2.5 -0.5 0 0.25 0.75 1.5 2.5",
    "STOP_GRADIENT, -2.5 -0.5 0 0.25 0.75 1.5 2.5",
  })
  void functionsInSteps(Function function, String expected) {
    float[] x = {-2.5f, -0.5f, 0, 0.25f, 0.75f, 1.5f, 2.5f};
    assertThat(answer(new Elements(function), Shape.of(x.length), x))
        .containsExactly(row(expected));
  }

  @Test
  void whatIsStoppedLearnsNothing() {
    Shape shape = Shape.of(1);
    try (Model model =
        Model.graph(
                g -> {
                  GraphBuilder.Value dense =
                      g.apply(Dense.of(1).withoutBias(), g.input("x", shape));
                  GraphBuilder.Value stopped = g.apply(new Elements(Function.STOP_GRADIENT), dense);
                  g.output(g.apply(Arithmetic.of(Operator.MULTIPLY), dense, stopped));
                })
            .compile(Sgd.of(0.5), Loss.MEAN_SQUARED_ERROR)) {
      model.setParameters(new Parameters(List.of(new float[] {3}), List.of(), 0));
      model.fit(Dataset.of(shape, new float[] {1}, new float[] {8}, 1), FitOptions.epochs(1));
      // d (w s - 8)^2 / dw = 2 (9 - 8) s, in which s is 3 and no w
      assertThat(model.parameters().values().getFirst()).containsExactly(0);
    }
  }

  /** Of several that are as large it is the first. */
  @ParameterizedTest
  @CsvSource({
    "ARGMAX, 1, 1 0 2 2",
    "ARGMIN, 1, 2 0 1 0",
    "ARGMAX, 2, 3 0 3",
    "ARGMIN, 2, 1 1 0",
    "ANY, 1, 1 0 1 1",
    "ALL, 1, 1 0 0 1",
    "ANY, 2, 1 1 1",
    "ALL, 2, 0 0 0",
  })
  void reductions(Kind kind, int axis, String expected) {
    float[] x = {
      1, 0, 2, 3,
      4, 0, 0, 3,
      -2, 0, 5, 9
    };
    float[] y = answer(new Reduction(kind, List.of(axis), true), Shape.of(3, 4), x);
    assertThat(y).containsExactly(row(expected));
  }

  @Test
  void sumsSoFar() {
    float[] x = {1, 2, 3, 4, 5, 6};
    assertThat(answer(new Cumsum(1), Shape.of(3, 2), x)).containsExactly(1, 2, 4, 6, 9, 12);
    assertThat(answer(new Cumsum(2), Shape.of(3, 2), x)).containsExactly(1, 3, 3, 7, 5, 11);
    assertThat(answer(new Cumsum(1), Shape.of(2, 1, 3), x)).containsExactly(1, 2, 3, 5, 7, 9);
  }
}
