package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.PaddedSequences;
import dev.lanewise.engine.data.TextVectorization;
import dev.lanewise.engine.golden.Npy;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that take texts in Keras, and the ids of tokens here. */
class TextModelsTest {
  @TempDir Path folder;

  private static Path path(String file) {
    return Golden.path("text/" + file);
  }

  private static List<String> texts() throws IOException {
    return List.of(Files.readString(path("texts.txt")).split("\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"stack", "graph", "letters"})
  void textsBecomeKerassIdsAndAnswers(String name) throws IOException {
    PaddedSequences ids = KerasFile.readText(path(name + ".keras")).ids(texts());
    Npy expected = Npy.read("text/" + name);
    assertThat(ids.shape().toArray()).containsExactly(expected.shape()[1]);
    assertThat(ids.values()).containsExactly(expected.floats());
    SavedModel saved = KerasFile.read(path(name + ".keras"));
    assertThat(saved.obstacle())
        .endsWith(
            ": TextVectorization is supported in prediction alone, where the model takes the ids"
                + " of tokens");
    assertThat(saved.inputName())
        .isEqualTo(
            name.equals("graph")
                ? "review"
                : name.equals("stack") ? "input_layer" : "input_layer_1");
    float[] answers = Npy.read("text/" + name + "_answers").floats();
    Dataset samples = Dataset.of(ids.shape(), ids.values(), new float[texts().size()], 1);
    try (Model model = saved.forInputs(List.of(ids.shape())).toModel()) {
      float[] found = model.predict(samples, 3);
      for (int i = 0; i < answers.length; i++) {
        assertThat(found[i]).as("answer %s", i).isCloseTo(answers[i], Offset.offset(1e-6f));
      }
    }
  }

  /** Beside an input of numbers, which stays as it is. */
  @Test
  void oneOfTwoInputsIsOfTexts() {
    SavedModel two = KerasFile.read(path("two.keras"));
    assertThat(two.graph().shownInputs()).isEqualTo("[5] and [2]");
    assertThat(KerasFile.readText(path("two.keras")).vocabulary())
        .containsExactly("", "[UNK]", "the", "great", "It", "a");
  }

  private Path changed(String from, String to) throws IOException {
    return Golden.changed(path("graph.keras"), from, to, folder.resolve("changed.keras"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'output_mode\": \"int'|'output_mode\": \"tf_idf'|key output_mode must be int, the ids of"
            + " tokens, found \"tf_idf\"",
        "'ngrams\": null'|'ngrams\": 2'|key ngrams with value 2 is not supported",
        "'split\": \"whitespace'|'split\": \"other'|key split must be one of [whitespace,"
            + " character], found \"other\"",
        "'\"strip_punctuation\"'|'{}'|key standardize must be one of [none, lower,"
            + " strip_punctuation, lower_and_strip_punctuation], found {}",
        "'[\"the\", \"great\"'|'[\"the\", \"the\"'|TextVectorization: the vocabulary has \"the\""
            + " twice",
        "'[\"the\", \"great\"'|'[[], \"great\"'|key vocabulary must be an array of strings, found"
            + " [[],\"great\",\"It\",\"a\"]",
        "'vocabulary\": [\"the\", \"great\", \"It\", \"a\"]'|'vocabulary\": null'|has no file"
            + " assets/layers/text_vectorization/vocabulary.txt",
      })
  void optionsThatAreNotSupportedAreRefused(String from, String to, String message)
      throws IOException {
    Path file = changed(from, to);
    assertThatThrownBy(() -> KerasFile.readText(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageEndingWith(message);
  }

  @Test
  void aModelThatTakesNoTextsIsRefused() {
    Path numbers = Golden.path("keras_files/simple_rnn/simple_rnn.keras");
    assertThatThrownBy(() -> KerasFile.readText(numbers))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            numbers + ": has no TextVectorization in front of the model, which would take texts");
    Path legacy = Golden.path("keras_files/simple_rnn/simple_rnn.h5");
    assertThatThrownBy(() -> KerasFile.readText(legacy))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            legacy
                + ": expected a .keras archive, which a TextVectorization needs for its"
                + " vocabulary");
  }

  /** Or the other layer would be given ids in the place of its texts. */
  @Test
  void aLayerWhoseTextsOthersReadTooIsNotInFront() throws IOException {
    Path file = changed("\"embedding_1\", 0, 0", "\"review\", 0, 0");
    assertThatThrownBy(() -> KerasFile.readText(file))
        .hasMessageEndingWith(
            "has no TextVectorization in front of the model, which would take" + " texts");
    assertThatThrownBy(() -> KerasFile.read(file)).isInstanceOf(ModelFormatException.class);
  }

  @Test
  void aVocabularyBeginsWithPaddingAndTheUnknown() {
    assertThatThrownBy(
            () ->
                new TextVectorization(
                    List.of("a", "b"),
                    TextVectorization.Standardize.LOWER,
                    TextVectorization.Split.WHITESPACE,
                    0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TextVectorization: a vocabulary begins with \"\" and \"[UNK]\", found [a, b]");
  }

  /** Found where nothing but JSON is known of it. */
  @Test
  void whatIsNoModelHasNothingInFront() {
    for (String text : List.of("{}", "{\"config\":{\"layers\":[1]}}", "{\"config\":[]}")) {
      JsonObject json = StrictJson.object(text.getBytes(StandardCharsets.UTF_8), "m.keras");
      assertThat(TextFront.ofOrNull(new Config("m.keras", json))).isNull();
    }
  }
}
