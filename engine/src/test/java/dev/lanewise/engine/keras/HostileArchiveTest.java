package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.archive.ZipArchive;
import dev.lanewise.engine.archive.ZipWriter;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.metric.Metric;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.FitOptions;
import dev.lanewise.engine.train.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A small archive of Keras's with one thing changed. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileArchiveTest {
  @TempDir Path folder;

  private Path file;
  private String config;
  private final Map<String, byte[]> members = new LinkedHashMap<>();

  @BeforeEach
  void readTheSoundOne() throws IOException {
    byte[] bytes = Files.readAllBytes(Golden.path("keras_files/simple_rnn/simple_rnn.keras"));
    ZipArchive archive = ZipArchive.of(bytes, "golden");
    for (String name : archive.names()) {
      members.put(name, archive.read(name, 1));
    }
    config = new String(members.get("config.json"), StandardCharsets.UTF_8);
    file = folder.resolve("model.keras");
  }

  private SavedModel read() throws IOException {
    Files.write(file, ZipWriter.bytes(members));
    return KerasFile.read(file);
  }

  private SavedModel readWith(String changed) throws IOException {
    members.put("config.json", changed.getBytes(StandardCharsets.UTF_8));
    return read();
  }

  private void refused(String changed, String... messages) {
    assertThatThrownBy(() -> readWith(changed))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll(messages)
        .hasMessageNotContaining("\n");
  }

  @Test
  void theSoundOneIsRead() throws IOException {
    assertThat(read().layers()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"class_name\": \"SimpleRNN\" | \"class_name\": \"Lambda\" | (Lambda)",
        "\"class_name\": \"SimpleRNN\" | \"class_name\": \"TFSMLayer\" | (TFSMLayer)",
        "\"class_name\": \"Sequential\" | \"class_name\": \"os.system\" | os.system",
        "\"stateful\": false | \"stateful\": true | SimpleRNN is stateful, and so",
        "\"return_state\": false | \"return_state\": 1 | key return_state must be true or false",
        "\"dropout\": 0.0 | \"dropout\": \"much\" | key dropout must be a number",
        "\"dropout\": 0.0 | \"dropout\": 1.0 | layer simple_rnn_5 (SimpleRNN): key dropout must be"
            + " at least 0 and below 1, found 1.0",
        "\"recurrent_dropout\": 0.0 | \"recurrent_dropout\": -0.1 | key recurrent_dropout must be"
            + " at least 0 and below 1, found -0.1",
        "\"units\": 10 | \"units\": 10, \"dropout\": 0.5 | layer dense_4 (Dense): key dropout with",
        "\"trainable\": true, \"dtype\" | \"trainable\": 0, \"dtype\" | key trainable must be",
        "\"activation\": \"tanh\" | \"activation\": \"tanh\", \"lora_rank\": 0 | key lora_rank",
        "\"sparse\": false | \"sparse\": true | the input layer: key sparse",
        "\"ragged\": false | \"ragged\": true | the input layer: key ragged",
        "\"batch_shape\": [null | \"batch_shape\": [\"b\" | key batch_shape must be a number",
        "null, \"build_config\": {\"input_shape\": [null, 20]} | \"mine>Dense\", \"build_config\":"
            + " {} | registered as mine>Dense",
        "\"module\": \"keras.layers\", \"class_name\": \"Dense\" | \"module\": \"mine\","
            + " \"class_name\": \"Dense\" | not Keras's own",
        "\"module\": \"keras.layers\", \"class_name\": \"Dense\" | \"module\":"
            + " \"keras_hub.layers\", \"class_name\": \"Dense\" | of module keras_hub.layers",
        "\"activation\": \"tanh\" | \"activation\": {\"module\": \"mine\", \"class_name\":"
            + " \"function\", \"config\": \"tanh\", \"registered_name\": \"function\"} |"
            + " activation",
        "\"activation\": \"tanh\" | \"activation\": \"sparsemax\" | key activation",
        "\"activation\": \"tanh\" | \"activation\": \"softmax\" | key activation",
        "\"activation\": \"tanh\" | \"activation\": \"tanh\", \"zone_out\": 0.5 | key zone_out",
        "\"name\": \"float32\" | \"name\": \"int8\" | key dtype",
        "\"batch_shape\": [null | \"batch_shape\": [null, null | leaves open being 4096",
        "\"batch_shape\": [null | \"batch_shape\": [null, null, null | leaves size 2 open",
        "\"batch_shape\": [null | \"batch_shape\": [null, 1, 1, 1 | key batch_shape must be",
        "\"use_bias\": true | \"use_bias\": 1 | key use_bias must be true or false",
        "\"name\": \"dense_4\" | \"name\": \"simple_rnn_5\" | two layers named",
        "\"module\": \"keras\", | \"module\": \"keras\", \"module\": \"keras\", | twice",
        "\"module\": \"keras\", | module: \"keras\", | not JSON",
        "\"sparse\": false | \"sparse\": NaN | not JSON",
      })
  void whatIsNotSupportedIsRefusedByName(String from, String to, String message) {
    String changed = config.replace(from.strip(), to.strip());
    assertThat(changed).isNotEqualTo(config);
    refused(changed, message.strip());
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "1e300", "33554432", "2.5", "null", "\"many\""})
  void unitsThatMakeNoSenseAreRefused(String units) {
    refused(config.replaceFirst("\"units\": \\d+", "\"units\": " + units), "key units must be");
  }

  @Test
  void unitsThatTheWeightsDoNotHaveAreRefusedBeforeAnythingIsAllocated() {
    refused(config.replaceFirst("\"units\": \\d+", "\"units\": 16777216"), "the model has");
  }

  @Test
  void keysThatSayNothingAreTaken() throws IOException {
    String more = "\"return_state\": false, \"newest\": null, \"other\": false, \"third\": []";
    assertThat(readWith(config.replace("\"return_state\": false", more)).layers()).hasSize(2);
  }

  @Test
  void anOptimizerThatIsNotThereLeavesThePredictionAndTellsWhy() throws IOException {
    SavedModel saved =
        readWith(config.replace("\"class_name\": \"Adam\"", "\"class_name\": \"Ftrl\""));
    assertThat(saved.optimizer()).isNull();
    assertThat(saved.obstacle()).contains("Ftrl is not supported; Adadelta, ");
    Shape input = saved.graph().inputs().getFirst().shape();
    int outputs = saved.graph().shapes().getLast().size(-1);
    float[] sample = new float[Math.toIntExact(input.elementCount())];
    Dataset data = Dataset.of(input, sample, new float[outputs], outputs);
    try (Model model = saved.toModel()) {
      assertThat(model.predict(data, 1)).hasSize(outputs);
      assertThatThrownBy(() -> model.fit(data, FitOptions.epochs(1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("model: cannot be trained as its file says: ")
          .hasMessageContaining("Ftrl is not supported");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"use_ema\": false | \"use_ema\": 1 | key use_ema must be true or false",
        "\"use_ema\": false, \"ema_momentum\": 0.99 | \"use_ema\": true, \"ema_momentum\": 1.5 |"
            + " momentum must be in [0, 1]",
        "\"amsgrad\": false | \"amsgrad\": 1 | key amsgrad must be true or false",
        "\"clipnorm\": null, \"global_clipnorm\": null | \"clipnorm\": 1, \"global_clipnorm\": 1 |"
            + " only one may be set",
        "\"weight_decay\": null | \"weight_decay\": -0.1 | weightDecay must be at least 0",
        "\"module\": \"keras.optimizers\" | \"module\": \"mine\" | not Keras's own",
        "\"beta_1\": 0.9 | \"beta_1\": \"x\" | key beta_1 must be a number",
      })
  void whatOnlyTheOptimizerNeedsLeavesPredictionAndLoss(String from, String to, String message)
      throws IOException {
    String changed = config.replace(from.strip(), to.strip());
    assertThat(changed).isNotEqualTo(config);
    SavedModel saved = readWith(changed);
    assertThat(saved.optimizer()).isNull();
    assertThat(saved.obstacle()).contains(message.strip());
    assertThat(saved.objective()).isNotNull();
    assertThat(saved.lossObstacle()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"module\": \"mine\", \"class_name\": \"CategoricalCrossentropy\", \"config\": {}} |"
            + " Keras's own",
        "{\"class_name\": \"CategoricalCrossentropy\", \"config\": {\"ignore_class\": 0}} |"
            + " ignore_class",
        "{\"class_name\": \"CategoricalCrossentropy\", \"config\": {\"reduction\": null}} |"
            + " reduction",
        "{\"class_name\": \"CategoricalCrossentropy\", \"config\": {\"fn\": \"mse\"}} | key fn",
        "{\"class_name\": \"CategoricalCrossentropy\", \"config\": {\"dtype\": \"float16\"}} |"
            + " dtype",
        "{\"class_name\": \"Tversky\", \"config\": {}} | not supported",
        "[\"mse\", \"mae\"] | loss",
        "null | has no loss",
        "\"mse\", \"unheard_of\": 1 | key unheard_of",
      })
  void aLossThatIsNotSupportedIsTold(String loss, String message) throws IOException {
    String changed =
        config.replace("\"loss\": \"categorical_crossentropy\"", "\"loss\": " + loss.strip());
    assertThat(changed).isNotEqualTo(config);
    SavedModel saved = readWith(changed);
    assertThat(saved.lossObstacle()).contains(message.strip());
    assertThat(saved.optimizer()).isNotNull();
  }

  @Test
  void metricsOfOtherKindsAreLeftOutByName() throws IOException {
    String metrics =
        "[\"acc\", \"f1\", {\"module\": \"mine\", \"class_name\": \"CategoricalAccuracy\","
            + " \"config\": {}}, [{\"class_name\": \"MeanMetricWrapper\", \"config\":"
            + " {\"name\": \"e\", \"fn\": \"mean_absolute_error\"}}]]";
    SavedModel saved =
        readWith(config.replace("\"metrics\": [\"accuracy\"]", "\"metrics\": " + metrics));
    assertThat(saved.objective().metrics())
        .containsExactly(Metric.ACCURACY.named("acc"), Metric.MEAN_ABSOLUTE_ERROR.named("e"));
    assertThat(saved.objective().omitted()).containsExactly("f1", "CategoricalAccuracy");
  }

  @Test
  void namesInMessagesSteerNoTerminal() {
    refused(
        config.replace("\"units\"", "\"\\u001b[31m\\u009b\\u202e\": 3, \"units\""),
        "key \\u001b[31m\\u009b\\u202e with value 3");
  }

  @Test
  void deepNestingIsRefused() {
    refused(
        config.replaceFirst(
            "\"registered_name\": null",
            "\"registered_name\": " + "[".repeat(20_000) + "]".repeat(20_000)),
        "not JSON");
  }

  @Test
  void endlessNumbersAndStringsAreRefused() {
    refused(
        config.replaceFirst("\"units\": \\d+", "\"units\": " + "1".repeat(65)), "65 characters");
    refused(
        config.replace("\"tanh\"", "\"" + "a".repeat(1 << 21) + "\""),
        "characters, at most 1048576");
  }

  @Test
  void textAfterTheEndIsRefused() {
    refused(config + " {}", "not JSON");
  }

  @Test
  void missingMembersAreNamed() {
    members.remove("model.weights.h5");
    assertThatThrownBy(this::read)
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("has no member model.weights.h5");
  }

  @Test
  void otherMembersAreOfNoInterest() throws IOException {
    members.put("assets/word_list.txt", new byte[100]);
    assertThat(read().layers()).hasSize(2);
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    for (String content : new String[] {"", "P", "PK", "hello", "\u0089HDF\r\n\u001a\n"}) {
      Files.write(file, content.getBytes(StandardCharsets.ISO_8859_1));
      assertThatThrownBy(() -> KerasFile.read(file)).isInstanceOf(ModelFormatException.class);
    }
    assertThatThrownBy(() -> KerasFile.read(folder)).isInstanceOf(ModelFormatException.class);
    assertThatThrownBy(() -> KerasFile.read(folder.resolve("none")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith("there is no such file");
  }

  @Test
  void weightsAloneAreNoModel() {
    Path weights = Golden.path("keras_files/simple_rnn/simple_rnn.weights.h5");
    assertThatThrownBy(() -> KerasFile.read(weights))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("holds weights without a model");
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] whole = ZipWriter.bytes(members);
    for (int length = 0; length < whole.length; length += length < 4096 ? 7 : 131) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> KerasFile.read(file)).isInstanceOf(ModelFormatException.class);
    }
  }

  @Test
  void noFlippedBitInAMemberGoesUnseen() throws IOException {
    byte[] whole = ZipWriter.bytes(members);
    Random random = new Random(6);
    for (int i = 0; i < 2000; i++) {
      byte[] flipped = whole.clone();
      int bit = random.nextInt(whole.length * 8);
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file, flipped);
      try {
        KerasFile.read(file); // a flip in a time stamp, say
      } catch (ModelFormatException e) {
        assertThat(e.getMessage()).doesNotContain("\n");
      }
    }
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aDeviceWithoutAnEndIsNotRead() {
    assertThatThrownBy(() -> KerasFile.read(Path.of("/dev/zero")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("/dev/zero: cannot be read: expected a file, found a device or pipe");
  }
}
