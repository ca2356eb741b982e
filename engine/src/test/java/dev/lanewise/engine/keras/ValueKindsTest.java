package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import dev.lanewise.engine.layer.Arithmetic;
import dev.lanewise.engine.layer.Arithmetic.Operator;
import dev.lanewise.engine.layer.Elements;
import dev.lanewise.engine.layer.Elements.Function;
import dev.lanewise.engine.layer.GetItem;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Reduction;
import dev.lanewise.engine.layer.Reduction.Kind;
import dev.lanewise.engine.layer.Reshape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What is true or not, and one number a sample, are of types that Keras has rules of its own for.
 */
class ValueKindsTest {
  private final List<String> entries = new ArrayList<>();

  private static String value(String of) {
    return "{\"class_name\": \"__keras_tensor__\", \"config\": {\"keras_history\": [\"%s\", 0, 0]}}"
        .formatted(of);
  }

  /** Adds an operation; settings are written as JSON has them. */
  private ValueKindsTest then(String name, String type, String settings, String... arguments) {
    return entry(name, type, "keras.src.ops.numpy", settings, arguments);
  }

  private ValueKindsTest entry(
      String name, String type, String module, String settings, String... arguments) {
    entries.add(
        """
        {"module": "%s", "class_name": "%s", "name": "%s", "config": {"name": "%s"%s},
         "inbound_nodes": [{"args": [%s], "kwargs": {}}]}\
        """
            .formatted(module, type, name, name, settings, String.join(", ", arguments)));
    return this;
  }

  private List<Layer> layers(String output) {
    String input =
        """
        {"module": "keras.layers", "class_name": "InputLayer", "name": "x",
         "config": {"name": "x", "batch_shape": [null, 4, 3]}, "inbound_nodes": []}\
        """;
    String model =
        """
        {"class_name": "Functional", "config": {"name": "m", "layers": [%s, %s],
         "input_layers": ["x", 0, 0], "output_layers": ["%s", 0, 0]}}\
        """
            .formatted(input, String.join(", ", entries), output);
    return ModelConfig.read(new Config("model", JsonParser.parseString(model).getAsJsonObject()))
        .graph()
        .layers();
  }

  private void isRefused(String output, String told) {
    assertThatThrownBy(() -> layers(output))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("layer last")
        .hasMessageContaining(told)
        .hasMessageNotContaining("\n");
  }

  private ValueKindsTest compared() {
    return then("truth", "Greater", "", value("x"), "0.5");
  }

  private ValueKindsTest single() {
    return then("row", "Mean", ", \"axis\": 1", value("x"))
        .then("single", "GetItem", "", value("row"), "[%s, 1]".formatted(all()));
  }

  private static String all() {
    return "{\"class_name\": \"__slice__\","
        + " \"config\": {\"start\": null, \"stop\": null, \"step\": null}}";
  }

  @Test
  void truthsAreNumbersWhereKerasMakesThemSome() {
    compared().then("cast", "Cast", ", \"dtype\": \"int32\"", value("truth"));
    then("kept", "Where", "", value("truth"), value("x"), "0.0");
    then("other", "Where", "", value("truth"), "0", value("x"));
    then("both", "Where", "", value("truth"), "1.5", value("x"));
    then("sum", "Add", "", value("cast"), value("kept"));
    then("more", "Add", "", value("sum"), value("other"));
    then("last", "Add", "", value("more"), value("both"));
    assertThat(layers("last"))
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
    then("truth", "Cast", ", \"dtype\": \"bool\"", value("x"));
    then("again", "Cast", ", \"dtype\": \"bool\"", value("truth"));
    then("number", "Cast", ", \"dtype\": \"float32\"", value("again"));
    then("last", "Cast", ", \"dtype\": \"float32\"", value("number"));
    assertThat(layers("last"))
        .containsExactly(
            new Arithmetic(Operator.NOT_EQUAL, 0.0, null), new Elements(Function.CAST));
    then("wrong", "Negative", "", value("last"));
    then("last_2", "Cast", ", \"dtype\": \"int32\"", value("wrong"));
    isRefused("last_2", "key dtype must be float32");
  }

  /** Two make a truth again in Keras, where one plus one is two here. */
  @Test
  void truthsOfTwoAreNotAddedUp() {
    compared().then("last", "Add", "", value("truth"), value("truth"));
    isRefused("last", "takes what is true or not (of type bool)");
  }

  @Test
  void truthsHaveNoSlopesAndNoMagnitudes() {
    compared().then("last", "Negative", "", value("truth"));
    isRefused("last", "cast it to float32 first");
  }

  @Test
  void truthsAreNotPickedFromAsNumbersAre() {
    compared().then("last", "Where", "", value("x"), value("truth"), "1.0");
    isRefused("last", "takes what is true or not");
  }

  @Test
  void truthsStayTruthsInOtherPlaces() {
    compared().then("turned", "Transpose", ", \"axes\": [0, 2, 1]", value("truth"));
    then("most", "Max", ", \"axis\": 1", value("turned"));
    then("last", "Sqrt", "", value("most"));
    isRefused("last", "takes what is true or not");
  }

  @Test
  void layersTakeNoTruths() {
    compared().entry("last", "Flatten", "keras.layers", "", value("truth"));
    isRefused("last", "takes what is true or not");
  }

  @Test
  void whatIsTakenMustBeAValueOrANumber() {
    compared().then("last", "Where", "", value("truth"), "[1, 2]", "0.0");
    isRefused("last", "values and numbers of which it takes one");
    entries.clear();
    then("last", "Where", "", "1.0", value("x"), value("x"));
    isRefused("last", "a condition that is a value");
  }

  @Test
  void oneNumberASampleGoesThroughWhatIsOfElements() {
    single().then("other", "Sum", ", \"axis\": [1, 2]", value("x"));
    then("product", "Multiply", "", value("single"), value("other"));
    then("root", "Sqrt", "", value("product"));
    then("last", "ExpandDims", ", \"axis\": -1", value("root"));
    assertThat(layers("last"))
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
    then("size", "Sum", ", \"axis\": [1, 2], \"keepdims\": true", value("x"));
    then("none", "Squeeze", ", \"axis\": [1, 2]", value("size"));
    then("last", "Reshape", ", \"newshape\": [-1, 1]", value("none"));
    assertThat(layers("last"))
        .contains(
            new GetItem(List.of(new GetItem.Index(0), new GetItem.Index(0))),
            new Reshape(List.of(1)));
    then("last_2", "Add", "", value("none"), value("last"));
    isRefused("last_2", "one number a sample, of no size");
  }

  /** It would be along the batch. */
  @Test
  void oneNumberASampleHasNoAxis() {
    single().then("last", "Sum", ", \"axis\": -1", value("single"));
    isRefused("last", "one number a sample, of no size");
    entries.clear();
    single().entry("last", "Softmax", "keras.src.ops.nn", ", \"axis\": -1", value("single"));
    isRefused("last", "keepdims or expand_dims gives it a size of 1");
    entries.clear();
    single().then("last", "ExpandDims", ", \"axis\": 0", value("single"));
    isRefused("last", "key axis must be another axis than the batch's");
    entries.clear();
    single().then("last", "Split", ", \"indices_or_sections\": 1, \"axis\": 1", value("single"));
    isRefused("last", "one number a sample, of no size");
  }

  @Test
  void layersTakeNoNumberWithoutASize() {
    single().entry("last", "Flatten", "keras.layers", "", value("single"));
    isRefused("last", "one number a sample, of no size");
  }

  @Test
  void axesOfSumsAndPlacesAreNotTheBatchs() {
    then("last", "Cumsum", ", \"axis\": 0, \"dtype\": null", value("x"));
    isRefused("last", "key axis must be another axis than the batch's");
    entries.clear();
    then("last", "Cumsum", ", \"axis\": 1, \"dtype\": \"int32\"", value("x"));
    isRefused("last", "key dtype must be float32");
    entries.clear();
    then("last", "Argmax", ", \"axis\": [1, 2], \"keepdims\": true", value("x"));
    isRefused("last", "a place is one along one axis");
    entries.clear();
    then("last", "Round", ", \"decimals\": 2", value("x"));
    isRefused("last", "key decimals must be 0");
  }
}
