package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.loss.CtcDecoder;
import dev.lanewise.engine.loss.CtcDecoder.Decoded;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.History;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keras's models with connectionist temporal classification, and its decoders. */
class CtcFilesTest {
  private static final int CLASSES = 6;
  private static final Path START = Golden.path("ctc/start.keras");

  @TempDir private Path folder;

  private static JsonObject told() throws IOException {
    return JsonParser.parseString(Files.readString(Golden.path("ctc/ctc.json"))).getAsJsonObject();
  }

  private static Dataset data() {
    int[] labels = Arrays.stream(Npy.read("ctc/y").values()).mapToInt(v -> (int) v).toArray();
    return Dataset.of(Shape.of(12, 4), Npy.read("ctc/x").floats(), labels, CLASSES);
  }

  @Test
  void lossesAreKerass() throws IOException {
    try (Model model = KerasFile.read(START).toModel()) {
      assertThat(model.spec().loss()).isEqualTo(Loss.CTC);
      JsonArray each = told().getAsJsonArray("each");
      for (int i = 0; i < each.size(); i++) {
        assertThat(model.evaluate(data().slice(i, i + 1), 1).loss())
            .as("sample %s", i)
            .isCloseTo(each.get(i).getAsDouble(), within(1e-4));
      }
      assertThat(model.evaluate(data(), 8).loss())
          .isCloseTo(told().get("loss").getAsDouble(), within(1e-4));
      float[] weights = new float[data().size()];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = 0.5f + 1.5f * i / (weights.length - 1);
      }
      assertThat(model.evaluate(data().withSampleWeights(weights), 8).loss())
          .isCloseTo(told().get("weighted").getAsDouble(), within(1e-4));
    }
  }

  @Test
  void aFitGoesAsKerass() throws IOException {
    FitOptions options = FitOptions.epochs(15).withBatchSize(8).withoutShuffle();
    try (Model model = KerasFile.read(START).toModel();
        Model trained = KerasFile.read(Golden.path("ctc/trained.keras")).toModel()) {
      History history = model.fit(data(), options);
      JsonArray losses = told().getAsJsonArray("fit");
      List<Double> found = history.history().get("loss");
      assertThat(found).hasSize(losses.size());
      for (int i = 0; i < losses.size(); i++) {
        assertThat(found.get(i)).isCloseTo(losses.get(i).getAsDouble(), within(2e-4));
      }
      float[] expected = trained.predict(data(), 8);
      float[] answers = model.predict(data(), 8);
      for (int i = 0; i < answers.length; i++) {
        assertThat(answers[i]).isCloseTo(expected[i], within(2e-3f));
      }
    }
  }

  @Test
  void whatIsWrittenIsReadTheSame() throws IOException {
    Path file = folder.resolve("written.keras");
    SavedModel read = KerasFile.read(START);
    try (Model model = read.toModel()) {
      KerasFile.write(SavedModel.of(model, LocalDateTime.of(2026, 11, 30, 12, 0)), file);
    }
    SavedModel again = KerasFile.read(file);
    assertThat(again.spec()).isEqualTo(read.spec());
    assertThat(again.obstacle()).isNull();
  }

  /** Keras takes such a model and fails when it is trained. */
  @Test
  void metricsBesideItAreLeftOutByName() throws IOException {
    Path file = folder.resolve("changed.keras");
    Golden.changed(START, "\"metrics\": null", "\"metrics\": [\"accuracy\"]", file);
    SavedModel saved = KerasFile.read(file);
    assertThat(saved.objective().omitted()).containsExactly("accuracy");
    assertThat(saved.spec()).isEqualTo(KerasFile.read(START).spec());
  }

  @Test
  void itIsOfSequencesAlone() throws IOException {
    Path file = folder.resolve("changed.keras");
    Golden.changed(START, "\"return_sequences\": true", "\"return_sequences\": false", file);
    assertThat(KerasFile.read(file).obstacle())
        .contains("compile_config: ctc: needs an output [steps, classes]")
        .endsWith("found [6]; have the last recurrent layer return sequences");
  }

  private static List<Integer> labels(JsonElement array) {
    return array.getAsJsonArray().asList().stream().map(JsonElement::getAsInt).toList();
  }

  @Test
  void decodersReadWhatKerassRead() throws IOException {
    Npy logits = Npy.read("ctc/logits");
    int width = logits.shape()[1] * CLASSES;
    for (int i = 0; i < logits.shape()[0]; i++) {
      float[] own = Arrays.copyOfRange(logits.floats(), i * width, (i + 1) * width);
      assertThat(CtcDecoder.greedy(own, CLASSES).labels())
          .isEqualTo(labels(told().getAsJsonArray("greedy").get(i)));
      List<Decoded> found = CtcDecoder.beamSearch(own, CLASSES, 2000, 2);
      for (int path = 0; path < 2; path++) {
        assertThat(found.get(path).labels())
            .isEqualTo(labels(told().getAsJsonArray("beam").get(path).getAsJsonArray().get(i)));
        double score =
            told().getAsJsonArray("scores").get(i).getAsJsonArray().get(path).getAsDouble();
        assertThat(found.get(path).logProbability())
            .isCloseTo(score, within(2e-3)); // beams leave out others;
      }
    }
  }
}
