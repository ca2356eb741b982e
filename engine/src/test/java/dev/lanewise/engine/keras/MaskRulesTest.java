package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.MaskRule;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rule of Keras 2 is kept where it shows. */
class MaskRulesTest {
  /** Which two sequences meet. */
  private enum Met {
    UNMASKED,
    ALIKE,
    ONE_MASKED,
    BOTH_MASKED
  }

  private static Value words(GraphBuilder g, String name) {
    return g.apply(Embedding.of(5, 2).maskingZero(), g.input(name, Shape.of(3)));
  }

  private static Value numbers(GraphBuilder g, String name) {
    return g.apply(Dense.of(2), g.input(name, Shape.of(3, 2)));
  }

  /** Returns the merge that is read of a file of a model with one of Keras 2's rule. */
  private static Layer read(Merge merge, Met met) {
    Model made =
        Model.graph(
            g -> {
              Value a = met == Met.UNMASKED ? numbers(g, "a") : words(g, "a");
              Value b =
                  switch (met) {
                    case UNMASKED, ONE_MASKED -> numbers(g, "b");
                    case ALIKE -> g.apply(Dense.of(2), a);
                    case BOTH_MASKED -> words(g, "b");
                  };
              g.output(g.apply(Gru.of(2), g.apply(merge, a, b)));
            });
    try (Model model = made.compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR)) {
      SavedModel saved = SavedModel.of(model, LocalDateTime.of(2026, 1, 1, 0, 0));
      ModelSpec spec = new ModelReader("written", KerasFile.bytes(saved)).model().spec();
      List<Layer> merges =
          spec.graph().layers().stream().filter(layer -> layer instanceof Merge).toList();
      assertThat(merges).hasSize(1);
      return merges.getFirst();
    }
  }

  private static Pointwise by(Pointwise layer) {
    return layer.withRule(MaskRule.KERAS_2);
  }

  static Stream<Merge> ofMasks() {
    return Stream.of(
        by(Pointwise.ADD),
        by(Pointwise.SUBTRACT),
        by(Pointwise.AVERAGE),
        Concatenate.FEATURES.withRule(MaskRule.KERAS_2));
  }

  @ParameterizedTest
  @MethodSource("ofMasks")
  void showsWhereMasksDiffer(Merge merge) {
    assertThat(read(merge, Met.UNMASKED)).isEqualTo(plain(merge));
    assertThat(read(merge, Met.ALIKE)).isEqualTo(plain(merge));
    assertThat(read(merge, Met.ONE_MASKED)).isEqualTo(merge);
    assertThat(read(merge, Met.BOTH_MASKED)).isEqualTo(merge);
  }

  private static Merge plain(Merge merge) {
    return merge instanceof Pointwise each ? each.withRule(MaskRule.KERAS_3) : Concatenate.FEATURES;
  }

  static Stream<Pointwise> ofElements() {
    return Stream.of(by(Pointwise.MULTIPLY), by(Pointwise.MAXIMUM), by(Pointwise.MINIMUM));
  }

  @ParameterizedTest
  @MethodSource("ofElements")
  void showsWhereAnElementIsMasked(Pointwise merge) {
    assertThat(read(merge, Met.UNMASKED)).isEqualTo(merge.withRule(MaskRule.KERAS_3));
    assertThat(read(merge, Met.ALIKE)).isEqualTo(merge);
    assertThat(read(merge, Met.ONE_MASKED)).isEqualTo(merge);
    assertThat(read(merge, Met.BOTH_MASKED)).isEqualTo(merge);
  }

  @Test
  void stepsOneAfterAnotherKnowOneRule() {
    Merge turns = new Concatenate(1, MaskRule.KERAS_2);
    assertThat(read(turns, Met.BOTH_MASKED)).isEqualTo(new Concatenate(1));
  }

  private static Layer ofEachStep(String rule) {
    String entry =
        """
        {"class_name": "TimeDistributed", "config": {"name": "each", %s "layer": {
          "class_name": "Embedding", "config": {
            "name": "table", "input_dim": 5, "output_dim": 2, "mask_zero": true}}}}\
        """;
    Config config =
        new Config("layers", JsonParser.parseString(entry.formatted(rule)).getAsJsonObject());
    return LayerConfig.read(config, new ArrayList<>()).layer();
  }

  /** In Keras 3 it would go nowhere; Keras 2 has it heeded. */
  @Test
  void theMaskOfAStepEndsThere() {
    assertThat(ofEachStep("")).isEqualTo(new TimeDistributed(Embedding.of(5, 2)));
    assertThat(ofEachStep("\"trainable\": false,"))
        .isEqualTo(new TimeDistributed(Embedding.of(5, 2)).frozen());
    assertThatThrownBy(() -> ofEachStep("\"mask_rule\": \"keras_2\","))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "layer each (TimeDistributed): of an Embedding with mask_zero, whose mask goes on to"
                + " the layers above in Keras 2, is not supported");
  }

  @Test
  void otherRulesAreRefused() {
    JsonObject config = new JsonObject();
    config.addProperty(MaskRules.KEY, "some");
    assertThatThrownBy(() -> MaskRules.read(new Config("layer add (Add)", config)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("layer add (Add): key mask_rule must be keras_3 or keras_2, found \"some\"");
  }
}
