package dev.lanewise.engine.keras;

import static dev.lanewise.engine.keras.DraftedModel.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.MultiHeadAttention;
import dev.lanewise.engine.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A value that tells an attention what it may take, in files and in graphs. */
class AttentionMaskTest {
  private static final String HEADS = ", \"num_heads\": 2, \"key_dim\": 3, \"value_dim\": 3";
  private static final MultiHeadAttention TOLD = MultiHeadAttention.of(2, 3).withAttentionMask();

  private final DraftedModel model =
      DraftedModel.of("[null, 4, 3]").input("mask", "[null, 4, 4]", "bool");

  private static String call(String of, String named) {
    return "{\"args\": [%s, %s], \"kwargs\": {%s}}".formatted(value(of), value(of), named);
  }

  private static String told(String by) {
    return "\"attention_mask\": " + value(by);
  }

  private DraftedModel heads(String... calls) {
    return model.called("last", "MultiHeadAttention", "keras.layers", HEADS, calls);
  }

  @Test
  void isTheLastThatIsRead() {
    heads(call("x", told("mask")));
    assertThat(model.layers("last")).containsExactly(TOLD);
    assertThat(model.graph("last").nodes().getFirst().reads()).containsExactly(0, 0, 1);
    model.withoutLast();
    heads(call("x", "\"use_causal_mask\": true, " + told("mask")));
    assertThat(model.layers("last")).containsExactly(TOLD.seeingNothingAhead());
  }

  @Test
  void allCallsOfALayerAreToldOrNone() {
    heads(call("x", told("mask")), call("last", told("mask")));
    String second = value("last").replace("\"last\", 0", "\"last\", 1");
    model.then("end", "Sqrt", "", second);
    assertThat(model.layers("end")).hasSize(2).first().isEqualTo(TOLD);
    model.withoutLast().withoutLast();
    heads(call("x", told("mask")), call("last", ""));
    model.isRefused("last", "is called with attention_mask, which is not supported of one call of");
  }

  /** Behind a parameter that is left out come masks by their places, which are not read. */
  @Test
  void whatFollowsNothingIsNotRead() {
    heads(
        "{\"args\": [%s, %s, null, %s], \"kwargs\": {}}"
            .formatted(value("x"), value("x"), value("mask")));
    model.isRefused("last", "is called with argument");
  }

  @Test
  void otherLayersTakeNone() {
    model.called(
        "last",
        "LSTM",
        "keras.layers",
        ", \"units\": 2",
        "{\"args\": [%s], \"kwargs\": {%s}}".formatted(value("x"), told("mask")));
    model.isRefused("last", "is called with attention_mask, which is not supported");
  }

  @Test
  void truthsAreNoSequences() {
    heads(call("mask", told("mask")));
    model.isRefused("last", "takes what is true or not");
  }

  @ParameterizedTest
  @CsvSource({"3, 4, 1", "4, 5, 1", "4, 4, 3"})
  void sizesAreOneOrTheirs(int rows, int steps, int heads) {
    GraphBuilder g = new GraphBuilder();
    Value x = g.input("x", Shape.of(4, 3));
    Shape shape = heads == 1 ? Shape.of(rows, steps) : Shape.of(heads, rows, steps);
    Value mask = g.input("mask", shape);
    assertThatThrownBy(() -> g.apply(TOLD, x, x, mask))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("takes an attention mask of [4, 4]")
        .hasMessageContaining("[2] before it")
        .hasMessageContaining("found " + shape);
  }

  @Test
  void ofHeadsIsNotBesideMasksOfSteps() {
    GraphBuilder g = new GraphBuilder();
    Value x = g.apply(Embedding.of(9, 3).maskingZero(), g.input("x", Shape.of(4)));
    Value mask = g.input("mask", Shape.of(1, 4, 4));
    g.output(g.apply(TOLD, x, x, mask));
    assertThatThrownBy(g::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("beside masked sequences, is not offered");
  }

  @Test
  void inStacksTruthsAreMasksAlone() {
    String stack =
        """
        {"class_name": "Sequential", "config": {"name": "m", "layers": [
         {"class_name": "InputLayer", "config":
          {"name": "x", "batch_shape": [null, 4, 4], "dtype": "bool"}},
         {"class_name": "LSTM", "config": {"name": "l", "units": 2}}]}}\
        """;
    assertThatThrownBy(
            () ->
                ModelConfig.read(
                    new Config("model", JsonParser.parseString(stack).getAsJsonObject())))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("key dtype must be a number's where it is no mask");
  }
}
