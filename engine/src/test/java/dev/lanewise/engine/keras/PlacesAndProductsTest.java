package dev.lanewise.engine.keras;

import static dev.lanewise.engine.keras.DraftedModel.all;
import static dev.lanewise.engine.keras.DraftedModel.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.Dot;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.GetItem.Slice;
import dev.lanewise.engine.layer.Joined;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.Reduction.Kind;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Places of a value, new sizes, and products summed over a size, as a file has them. */
class PlacesAndProductsTest {
  private final DraftedModel model = DraftedModel.of("[null, 6, 5]");

  private DraftedModel taken(int axis, String places) {
    return model.then("last", "Take", ", \"axis\": " + axis, value("x"), places);
  }

  private static GetItem steps(int start, Integer stop) {
    return new GetItem(List.of(new Slice(start, stop, null)));
  }

  @Test
  void aPlaceIsTakenByItself() {
    assertThat(taken(1, "-2").layers("last")).containsExactly(GetItem.ofStep(-2));
  }

  @Test
  void runsOfPlacesAreSlices() {
    assertThat(taken(-2, "[1, 2, 3]").layers("last")).containsExactly(steps(1, 4));
    model.withoutLast();
    String numpy = "{\"class_name\": \"__numpy__\", \"config\": {\"value\": [-2, -1, 0, 4]}}";
    assertThat(taken(1, numpy).layers("last"))
        .containsExactly(steps(-2, null), steps(0, 1), steps(4, 5), new Joined(1, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1; [0, 6]; key indices must be places among 6",
        "1; [-7]; key indices must be places among 6",
        "2; [0.5]; key indices must be whole numbers",
        "0; [1]; another axis than the batch's",
        "1; [[1, 2]]; a whole number, or a list of at most 128 of them",
        "3; [1]; key axis must be a whole number from -3 to 2",
      })
  void otherPlacesAreRefused(int axis, String places, String told) {
    taken(axis, places).isRefused("last", told);
  }

  @Test
  void ofOpenStepsOnePlaceIsTaken() {
    DraftedModel open = DraftedModel.of("[null, null, 5]");
    open.then("last", "Take", ", \"axis\": 1", value("x"), "-1");
    assertThat(open.layers("last")).containsExactly(GetItem.ofStep(-1));
    open.withoutLast().then("last", "Take", ", \"axis\": 1", value("x"), "[0, 1]");
    open.isRefused("last", "one place, where the steps are open");
  }

  @Test
  void partsThatNobodyReadsAreNotMade() {
    model.then("parts", "Split", ", \"indices_or_sections\": 3, \"axis\": 1", value("x"));
    model.then("last", "Sqrt", "", value("parts", 1));
    assertThat(model.layers("last")).hasSize(2).first().isEqualTo(steps(2, 4));
    model.withoutLast().withoutLast();
    model.then("parts", "Unstack", ", \"num\": 6, \"axis\": 1", value("x"));
    model.then("last", "Sqrt", "", value("parts", 5));
    assertThat(model.layers("last")).hasSize(2).first().isEqualTo(GetItem.ofStep(5));
  }

  private Shape shape(String key) {
    model.then("last", "GetItem", "", value("x"), key);
    Shape shape = model.graph("last").shapes().getLast();
    model.withoutLast();
    return shape;
  }

  @Test
  void sizesAreAddedWhereNothingIsTaken() {
    String ellipsis = "{\"class_name\": \"__ellipsis__\", \"config\": {}}";
    assertThat(shape("[%s, null]".formatted(all()))).isEqualTo(Shape.of(1, 6, 5));
    assertThat(shape("[%s, %s, null]".formatted(all(), all()))).isEqualTo(Shape.of(6, 1, 5));
    assertThat(shape("[%s, null]".formatted(ellipsis))).isEqualTo(Shape.of(6, 5, 1));
    assertThat(shape("[%s, 2, null]".formatted(all()))).isEqualTo(Shape.of(1, 5));
    assertThat(shape("[%s, null, -1, null]".formatted(all()))).isEqualTo(Shape.of(1, 1, 5));
    assertThat(shape("[%s, null, %s, 0]".formatted(all(), ellipsis))).isEqualTo(Shape.of(1, 6));
  }

  @Test
  void aSizeAddedToNothingElseIsOneLayer() {
    model.then("last", "GetItem", "", value("x"), "[%s, null]".formatted(all()));
    assertThat(model.layers("last")).containsExactly(new Reshape(List.of(1, -1, 5)));
  }

  @Test
  void theBatchStaysWhereItIs() {
    model.then("last", "GetItem", "", value("x"), "[null, %s]".formatted(all()));
    model.isRefused("last", "takes null of a value");
  }

  private List<Layer> einsum(String subscripts, String first, String second) {
    DraftedModel two = DraftedModel.of(first).input("y", second, "float32");
    two.then(
        "last", "Einsum", ", \"subscripts\": \"%s\"".formatted(subscripts), value("x"), value("y"));
    return two.layers("last");
  }

  private static TimeDistributed each(int first, int second) {
    return new TimeDistributed(new Dot(first, second, false));
  }

  @Test
  void sizesThatStayAreStepsWithAProductAtEach() {
    assertThat(einsum("bhtd,bhsd->bhts", "[null, 2, 6, 5]", "[null, 2, 4, 5]"))
        .containsExactly(each(2, 2));
    assertThat(einsum("bhts,bhsd->bhtd", "[null, 2, 6, 4]", "[null, 2, 4, 5]"))
        .containsExactly(each(2, 1));
    assertThat(einsum("btd,bdt->bt", "[null, 6, 5]", "[null, 5, 6]"))
        .containsExactly(
            new Permute(List.of(2, 1)),
            Arithmetic.of(Operator.MULTIPLY),
            new Reduction(Kind.SUM, List.of(2), false));
  }

  @Test
  void sizesInAnotherOrderAreTurned() {
    assertThat(einsum("bthd,bshd->bhts", "[null, 6, 2, 5]", "[null, 4, 2, 5]"))
        .containsExactly(new Permute(List.of(2, 1, 3)), new Permute(List.of(2, 1, 3)), each(2, 2));
    assertThat(einsum("btd,bsd->bst", "[null, 6, 5]", "[null, 4, 5]"))
        .containsExactly(new Dot(2, 2, false), new Permute(List.of(2, 1)));
  }

  @Test
  void matricesAtEachStepAreMultiplied() {
    DraftedModel two =
        DraftedModel.of("[null, 2, 3, 6, 5]").input("y", "[null, 2, 3, 5, 4]", "float32");
    two.then("last", "Matmul", "", value("x"), value("y"));
    assertThat(two.layers("last"))
        .containsExactly(new TimeDistributed(new TimeDistributed(new Dot(2, 1, false))));
    DraftedModel other =
        DraftedModel.of("[null, 2, 6, 5]").input("y", "[null, 3, 5, 4]", "float32");
    other.then("last", "Matmul", "", value("x"), value("y"));
    other.isRefused("last", "with the same sizes before their rows");
  }
}
