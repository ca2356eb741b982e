package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.archive.ZipArchive;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Keras names operations on masks as it reads a file, and no layer may have such a name. */
class MadeNamesTest {
  private static final LocalDateTime NOON = LocalDateTime.of(2026, 11, 30, 12, 0);

  private static JsonObject written(Consumer<GraphBuilder> wiring) {
    try (Model model = Model.graph(wiring).compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR)) {
      byte[] file = KerasFile.bytes(SavedModel.of(model, NOON));
      byte[] config = ZipArchive.of(file, "m.keras").read(KerasFile.CONFIG, 100);
      return JsonParser.parseString(new String(config, StandardCharsets.UTF_8)).getAsJsonObject();
    }
  }

  private static List<String> names(JsonObject model) {
    List<String> names = new ArrayList<>();
    for (JsonElement layer : model.getAsJsonObject("config").getAsJsonArray("layers")) {
      names.add(layer.getAsJsonObject().getAsJsonObject("config").get("name").getAsString());
    }
    return names;
  }

  private static Value joined(GraphBuilder g, Embedding table) {
    Value words = g.apply(table, g.input("words", Shape.of(6)));
    return g.apply(Concatenate.FEATURES, words, g.input("extra", Shape.of(6, 3)));
  }

  private static void tagged(GraphBuilder g, Embedding table) {
    g.output(g.apply(Dense.of(2), g.apply(Lstm.of(5), joined(g, table))));
  }

  @Test
  void whatJoinsMaskedValuesIsNotCalledAsKerassOwn() {
    Embedding table = Embedding.of(10, 4);
    assertThat(names(written(g -> tagged(g, table.maskingZero()))))
        .contains("concatenate_layer")
        .doesNotContain("concatenate");
    assertThat(names(written(g -> tagged(g, table)))).contains("concatenate");
  }

  /** By its name what is reported of it is known. */
  @Test
  void whatGivesAnOutputKeepsItsName() {
    assertThat(names(written(g -> g.output(joined(g, Embedding.of(10, 4).maskingZero())))))
        .contains("concatenate");
  }

  /** A stack would hand it a value where it takes a list. */
  @Test
  void whatMergesOneValueIsNoStack() {
    JsonObject model =
        written(
            g -> {
              Value x = g.input("x", Shape.of(6, 3));
              g.output(g.apply(Lstm.of(2), g.apply(Concatenate.FEATURES, x)));
            });
    assertThat(model.get("class_name").getAsString()).isEqualTo("Functional");
  }

  @Test
  void aModelIsNotWrittenUnderTheNameOfAnotherFormat() {
    try (Model model =
        Model.sequential(Shape.of(3), Dense.of(2)).compile(Sgd.of(1), Loss.MEAN_SQUARED_ERROR)) {
      SavedModel saved = SavedModel.of(model, NOON);
      Path path = Path.of("nowhere", "m.h5");
      assertThatThrownBy(() -> KerasFile.write(saved, path))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("m.h5: a model is written as a .keras archive");
    }
  }
}
