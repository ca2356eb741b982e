package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.archive.ZipArchive;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Embedding;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GraphBuilder.Value;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Merge;
import dev.lanewise.engine.layer.Pointwise;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Models that {@code bench/keras/draw_models.py} drew, or {@code draw_second.py}: answers, losses,
 * weights and metrics are those of Keras. A folder of others comes by {@code
 * -Dlanewise.test.drawn=FOLDER}; what is written of these stays there for {@code check_models.py},
 * and what was found is in {@code verdicts.txt}.
 */
class DrawnModelsTest {
  private static final String OTHERS = System.getProperty("lanewise.test.drawn", "");

  @Test
  void areAsInKeras() throws IOException {
    assertThat(verdicts(Golden.path("drawn/alike"), false))
        .hasSize(21)
        .allMatch(verdict -> verdict.endsWith(DrawnModel.ALIKE));
  }

  /** Of Keras 2: what TensorFlow does between layers, and masks by its rule. */
  @Test
  void thoseOfKeras2AreAsThere() throws IOException {
    assertThat(verdicts(Golden.path("drawn/second"), false))
        .hasSize(10)
        .allMatch(verdict -> verdict.endsWith(DrawnModel.ALIKE));
  }

  /** Unrolled, Keras zeroes outputs at other steps than in a loop. */
  @Test
  void whatKerasUnrollsUnderAMaskIsRefused() throws IOException {
    assertThat(verdicts(Golden.path("drawn/unrolled"), false))
        .hasSize(2)
        .allMatch(verdict -> verdict.contains("key unroll must be false"));
  }

  @Test
  void othersAreAsInKerasOrRefused() throws IOException {
    if (!OTHERS.isEmpty()) {
      List<String> verdicts = verdicts(Path.of(OTHERS), true);
      Files.write(Path.of(OTHERS, "verdicts.txt"), verdicts);
      assertThat(verdicts)
          .allMatch(v -> v.endsWith(DrawnModel.ALIKE) || v.contains(DrawnModel.REFUSED));
    }
  }

  /**
   * Keras makes a Concatenate's mask by an operation of its name, so that a file has to say by
   * itself which masks there are.
   */
  @Test
  void masksAreWrittenWhereOneIsOfValuesSideBySide() {
    assertThat(written(Concatenate.FEATURES)).contains("NotEqual");
    assertThat(written(Pointwise.ADD)).doesNotContain("NotEqual");
  }

  private static String written(Merge merge) {
    Consumer<GraphBuilder> wiring =
        g -> {
          Value words = g.apply(Embedding.of(5, 2).maskingZero(), g.input("x", Shape.of(3)));
          Value both = g.apply(merge, words, g.apply(Dense.of(2), words));
          g.output(g.apply(Gru.of(2), both));
        };
    try (Model model = Model.graph(wiring)) {
      model.compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR);
      byte[] bytes = KerasFile.bytes(SavedModel.of(model, LocalDateTime.of(2026, 1, 1, 0, 0)));
      byte[] config = ZipArchive.of(bytes, "written").read("config.json", 1000);
      return new String(config, StandardCharsets.UTF_8);
    }
  }

  private static List<String> verdicts(Path folder, boolean writes) throws IOException {
    List<Path> models;
    try (Stream<Path> list = Files.list(folder)) {
      models = list.filter(path -> Files.exists(path.resolve("facts.npz"))).sorted().toList();
    }
    List<String> verdicts = new ArrayList<>();
    for (Path model : models) {
      verdicts.add(model.getFileName() + " " + new DrawnModel(model, writes).verdict());
    }
    return verdicts;
  }
}
