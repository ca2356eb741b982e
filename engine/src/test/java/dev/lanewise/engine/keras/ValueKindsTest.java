package dev.lanewise.engine.keras;

import static dev.lanewise.engine.keras.DraftedModel.all;
import static dev.lanewise.engine.keras.DraftedModel.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.Elements.Function;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.Reduction.Kind;
import dev.lanewise.engine.layer.Reshape;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What is true or not, and one number a sample, are of types that Keras has rules of its own for.
 */
class ValueKindsTest {
  private DraftedModel model = DraftedModel.of("[null, 4, 3]");

  private DraftedModel compared() {
    return model.then("truth", "Greater", "", value("x"), "0.5");
  }

  private DraftedModel single() {
    return model
        .then("row", "Mean", ", \"axis\": 1", value("x"))
        .then("single", "GetItem", "", value("row"), "[%s, 1]".formatted(all()));
  }

  @Test
  void truthsAreNumbersWhereKerasMakesThemSome() {
    compared().then("cast", "Cast", ", \"dtype\": \"int32\"", value("truth"));
    model.then("kept", "Where", "", value("truth"), value("x"), "0.0");
    model.then("other", "Where", "", value("truth"), "0", value("x"));
    model.then("both", "Where", "", value("truth"), "1.5", value("x"));
    model.then("sum", "Add", "", value("cast"), value("kept"));
    model.then("more", "Add", "", value("sum"), value("other"));
    model.then("last", "Add", "", value("more"), value("both"));
    assertThat(model.layers("last"))
        .containsExactly(
            Arithmetic.with(Operator.GREATER, 0.5),
            new Elements(Function.CAST),
            Arithmetic.of(Operator.WHERE),
            new Elements(Function.LOGICAL_NOT),
            Arithmetic.of(Operator.WHERE),
            Arithmetic.with(Operator.WHERE, 1.5),
            new Elements(Function.LOGICAL_NOT),
            Arithmetic.of(Operator.WHERE),
            Arithmetic.of(Operator.ADD),
            Arithmetic.of(Operator.ADD),
            Arithmetic.of(Operator.ADD),
            Arithmetic.of(Operator.ADD));
  }

  @Test
  void numbersBecomeTruthsOnceAndAreNoWholeNumbers() {
    model.then("truth", "Cast", ", \"dtype\": \"bool\"", value("x"));
    model.then("again", "Cast", ", \"dtype\": \"bool\"", value("truth"));
    model.then("number", "Cast", ", \"dtype\": \"float32\"", value("again"));
    model.then("last", "Cast", ", \"dtype\": \"float32\"", value("number"));
    assertThat(model.layers("last"))
        .containsExactly(
            new Arithmetic(Operator.NOT_EQUAL, 0.0, null), new Elements(Function.CAST));
    model.then("wrong", "Negative", "", value("last"));
    model.then("last_2", "Cast", ", \"dtype\": \"int32\"", value("wrong"));
    model.isRefused("last_2", "key dtype must be float32");
  }

  /** Two make a truth again in Keras, where one plus one is two here. */
  @Test
  void truthsOfTwoAreNotAddedUp() {
    compared().then("last", "Add", "", value("truth"), value("truth"));
    model.isRefused("last", "takes what is true or not (of type bool)");
  }

  @Test
  void truthsHaveNoSlopesAndNoMagnitudes() {
    compared().then("last", "Negative", "", value("truth"));
    model.isRefused("last", "cast it to float32 first");
  }

  @Test
  void truthsAreNotPickedFromAsNumbersAre() {
    compared().then("last", "Where", "", value("x"), value("truth"), "1.0");
    model.isRefused("last", "takes what is true or not");
  }

  @Test
  void truthsStayTruthsInOtherPlaces() {
    compared().then("turned", "Transpose", ", \"axes\": [0, 2, 1]", value("truth"));
    model.then("most", "Max", ", \"axis\": 1", value("turned"));
    model.then("last", "Sqrt", "", value("most"));
    model.isRefused("last", "takes what is true or not");
  }

  @Test
  void layersTakeNoTruths() {
    compared().layer("last", "LeakyReLU", "", value("truth"));
    model.isRefused("last", "takes what is true or not");
  }

  @Test
  void layersThatMoveTruthsGiveTruths() {
    compared().layer("flat", "Flatten", "", value("truth"));
    model.then("last", "Add", "", value("flat"), value("flat"));
    model.isRefused("last", "takes what is true or not");
    model.withoutLast();
    model.then("last", "Cast", ", \"dtype\": \"float32\"", value("flat"));
    assertThat(model.layers("last").getLast()).isEqualTo(new Elements(Function.CAST));
  }

  @Test
  void whatIsTakenMustBeAValueOrANumber() {
    compared().then("last", "Where", "", value("truth"), "[1, 2]", "0.0");
    model.isRefused("last", "values and numbers of which it takes one");
    model = DraftedModel.of("[null, 4, 3]");
    model.then("last", "Where", "", "1.0", value("x"), value("x"));
    model.isRefused("last", "a condition that is a value");
  }

  @Test
  void oneNumberASampleGoesThroughWhatIsOfElements() {
    single().then("other", "Sum", ", \"axis\": [1, 2]", value("x"));
    model.then("product", "Multiply", "", value("single"), value("other"));
    model.then("root", "Sqrt", "", value("product"));
    model.then("last", "ExpandDims", ", \"axis\": -1", value("root"));
    assertThat(model.layers("last"))
        .containsExactly(
            new Reduction(Kind.MEAN, List.of(1), false),
            new GetItem(List.of(new GetItem.Index(1))),
            new Reduction(Kind.SUM, List.of(1, 2), false),
            Arithmetic.of(Operator.MULTIPLY),
            new Elements(Function.SQRT),
            new Reshape(List.of(1)));
  }

  @Test
  void sizesOfOneAreSqueezedToOneNumber() {
    model.then("size", "Sum", ", \"axis\": [1, 2], \"keepdims\": true", value("x"));
    model.then("none", "Squeeze", ", \"axis\": [1, 2]", value("size"));
    model.then("last", "Reshape", ", \"newshape\": [-1, 1]", value("none"));
    assertThat(model.layers("last"))
        .contains(
            new GetItem(List.of(new GetItem.Index(0), new GetItem.Index(0))),
            new Reshape(List.of(1)));
    model.then("last_2", "Add", "", value("none"), value("last"));
    model.isRefused("last_2", "one number a sample, of no size");
  }

  /** It would be along the batch. */
  @Test
  void oneNumberASampleHasNoAxis() {
    single().then("last", "Sum", ", \"axis\": -1", value("single"));
    model.isRefused("last", "one number a sample, of no size");
    model = DraftedModel.of("[null, 4, 3]");
    single().entry("last", "Softmax", "keras.src.ops.nn", ", \"axis\": -1", value("single"));
    model.isRefused("last", "keepdims or expand_dims gives it a size of 1");
    model = DraftedModel.of("[null, 4, 3]");
    single().then("last", "ExpandDims", ", \"axis\": 0", value("single"));
    model.isRefused("last", "key axis must be another axis than the batch's");
    model = DraftedModel.of("[null, 4, 3]");
    single().then("last", "Split", ", \"indices_or_sections\": 1, \"axis\": 1", value("single"));
    model.isRefused("last", "one number a sample, of no size");
  }

  @Test
  void layersTakeNoNumberWithoutASize() {
    single().layer("last", "Flatten", "", value("single"));
    model.isRefused("last", "one number a sample, of no size");
  }

  @Test
  void axesOfSumsAndPlacesAreNotTheBatchs() {
    model.then("last", "Cumsum", ", \"axis\": 0, \"dtype\": null", value("x"));
    model.isRefused("last", "key axis must be another axis than the batch's");
    model = DraftedModel.of("[null, 4, 3]");
    model.then("last", "Cumsum", ", \"axis\": 1, \"dtype\": \"int32\"", value("x"));
    model.isRefused("last", "key dtype must be float32");
    model = DraftedModel.of("[null, 4, 3]");
    model.then("last", "Argmax", ", \"axis\": [1, 2], \"keepdims\": true", value("x"));
    model.isRefused("last", "a place is one along one axis");
    model = DraftedModel.of("[null, 4, 3]");
    model.then("last", "Round", ", \"decimals\": 2", value("x"));
    model.isRefused("last", "key decimals must be 0");
  }
}
