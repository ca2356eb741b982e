package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.archive.ZipArchive;
import dev.lanewise.engine.archive.ZipWriter;
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
        "\"stateful\": false | \"stateful\": true | key stateful with value true",
        "\"return_state\": false | \"return_state\": true | key return_state",
        "\"kernel_regularizer\": null | \"kernel_regularizer\": {\"a\": 1} | key"
            + " kernel_regularizer",
        "\"dropout\": 0.0 | \"dropout\": 0.3 | key dropout with value 0.3",
        "\"recurrent_dropout\": 0.0 | \"recurrent_dropout\": 0.3 | key recurrent_dropout",
        "\"trainable\": true, \"dtype\" | \"trainable\": false, \"dtype\" | key trainable",
        "\"activation\": \"tanh\" | \"activation\": \"gelu\" | key activation",
        "\"activation\": \"tanh\" | \"activation\": \"softmax\" | key activation",
        "\"activation\": \"tanh\" | \"activation\": \"tanh\", \"zone_out\": 0.5 | key zone_out",
        "\"name\": \"float32\" | \"name\": \"mixed_float16\" | key dtype",
        "\"batch_shape\": [null | \"batch_shape\": [null, null | key batch_shape",
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
    String more = "\"return_state\": false, \"newest\": null, \"other\": false, \"third\": 0";
    assertThat(readWith(config.replace("\"return_state\": false", more)).layers()).hasSize(2);
  }

  @Test
  void anOptimizerThatIsNotThereLeavesThePredictionAndTellsWhy() throws IOException {
    SavedModel saved =
        readWith(config.replace("\"class_name\": \"Adam\"", "\"class_name\": \"RMSprop\""));
    assertThat(saved.training()).isNull();
    assertThat(saved.obstacle()).contains("RMSprop").contains("Adam and SGD");
    saved.toModel().close();
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
