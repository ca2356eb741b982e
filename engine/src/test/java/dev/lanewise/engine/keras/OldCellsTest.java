package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.train.Model;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cells in files that Keras 3 itself no longer reads: those of CuDNN, and Keras 1's gates. Files
 * are made of weights in Keras 3's form by the rules that Keras 2 converts them by, the other way.
 */
class OldCellsTest {
  private static final int INPUTS = 5;
  private static final int UNITS = 3;

  private final SplittableRandom random = new SplittableRandom(11);
  private final List<float[]> expected = new ArrayList<>();

  @TempDir Path folder;

  /** Of one layer, its arrays by name in order. */
  private record Stored(String layer, List<Object> arrays) {}

  private Path file(String version, String config, Stored... layers) {
    Path path = folder.resolve("old.h5");
    try (WritableHdfFile file = HdfFile.write(path)) {
      file.putAttribute("keras_version", version);
      file.putAttribute("model_config", config);
      WritableGroup weights = file.putGroup("model_weights");
      weights.putAttribute(
          "layer_names", Arrays.stream(layers).map(Stored::layer).toArray(String[]::new));
      for (Stored layer : layers) {
        WritableGroup group = weights.putGroup(layer.layer());
        List<String> names = new ArrayList<>();
        for (Object array : layer.arrays()) {
          String name = "w" + names.size();
          names.add(name);
          group.putDataset(name, array);
        }
        group.putAttribute("weight_names", names.toArray(String[]::new));
      }
    }
    return path;
  }

  private float[][] matrix(int rows, int columns) {
    float[][] matrix = new float[rows][columns];
    for (float[] row : matrix) {
      for (int i = 0; i < columns; i++) {
        row[i] = (float) random.nextDouble(-1, 1);
      }
    }
    return matrix;
  }

  private float[][] expect(float[][] matrix) {
    float[] all = new float[matrix.length * matrix[0].length];
    for (int r = 0; r < matrix.length; r++) {
      System.arraycopy(matrix[r], 0, all, r * matrix[0].length, matrix[0].length);
    }
    expected.add(all);
    return matrix;
  }

  /** Gate by gate, the numbers of the transposed kernel, in rows as long as before. */
  private static float[][] cudnn(float[][] kernel) {
    int rows = kernel.length;
    float[][] stored = new float[rows][kernel[0].length];
    for (int gate = 0; gate < kernel[0].length; gate += UNITS) {
      int next = 0;
      for (int unit = 0; unit < UNITS; unit++) {
        for (int row = 0; row < rows; row++, next++) {
          stored[next / UNITS][gate + next % UNITS] = kernel[row][gate + unit];
        }
      }
    }
    return stored;
  }

  private List<Object> cudnnLstm(int inputs) {
    List<Object> arrays = new ArrayList<>();
    arrays.add(cudnn(expect(matrix(inputs, 4 * UNITS))));
    arrays.add(cudnn(expect(matrix(UNITS, 4 * UNITS))));
    float[] biases = matrix(1, 8 * UNITS)[0];
    arrays.add(biases);
    float[] sum = new float[4 * UNITS];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = biases[i] + biases[i + sum.length];
    }
    expected.add(sum);
    return arrays;
  }

  private List<Object> cudnnGru(int inputs) {
    List<Object> arrays = new ArrayList<>();
    arrays.add(cudnn(expect(matrix(inputs, 3 * UNITS))));
    arrays.add(cudnn(expect(matrix(UNITS, 3 * UNITS))));
    float[] biases = expect(matrix(1, 6 * UNITS))[0];
    arrays.add(biases);
    return arrays;
  }

  private static List<Object> both(List<Object> forward, List<Object> backward) {
    List<Object> all = new ArrayList<>(forward);
    all.addAll(backward);
    return all;
  }

  private void requireRead(SavedModel saved, Layer... layers) {
    assertThat(saved.obstacle()).isNull();
    assertThat(saved.layers().stream().map(SavedModel.NamedLayer::layer)).containsExactly(layers);
    assertThat(saved.parameters().values()).usingRecursiveComparison().isEqualTo(expected);
  }

  private static final String CUDNN =
      """
      {"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "CuDNNLSTM", "config": {"name": "a", "trainable": true,
          "batch_input_shape": [null, 7, 5], "dtype": "float32", "return_sequences": true,
          "return_state": false, "go_backwards": false, "stateful": false, "units": 3,
          "kernel_initializer": {"class_name": "VarianceScaling", "config": {"scale": 1.0,
            "mode": "fan_avg", "distribution": "uniform", "seed": null}},
          "unit_forget_bias": true, "kernel_regularizer": null%s}},
        {"class_name": "Bidirectional", "config": {"name": "b", "trainable": true,
          "merge_mode": "concat", "layer": {"class_name": "CuDNNGRU", "config": {"name": "g",
            "trainable": true, "return_sequences": false, "return_state": false,
            "go_backwards": false, "stateful": false, "units": 3}}}}]}}
      """;

  /** Its bias is of two, in one array: the norm of both is not that of ours. */
  @Test
  void aConstraintOfCudnnsCellsEndsTraining() {
    Stored lstm = new Stored("a", cudnnLstm(INPUTS));
    Stored grus = new Stored("b", both(cudnnGru(UNITS), cudnnGru(UNITS)));
    String unit =
        ", \"bias_constraint\": {\"class_name\": \"UnitNorm\", \"config\": {\"axis\": 0}}";
    SavedModel saved = KerasFile.read(file("2.2.4", CUDNN.formatted(unit), lstm, grus));
    assertThat(saved.obstacle()).contains("layer a (CuDNNLSTM): key bias_constraint");
  }

  @Test
  void cudnnsCellsAreRead() {
    Stored lstm = new Stored("a", cudnnLstm(INPUTS));
    Stored grus = new Stored("b", both(cudnnGru(UNITS), cudnnGru(UNITS)));
    SavedModel saved = KerasFile.read(file("2.2.4", CUDNN.formatted(""), lstm, grus));
    requireRead(saved, Lstm.of(3).returningSequences(), Bidirectional.of(Gru.of(3)));
    Path written = folder.resolve("new.keras");
    try (Model model = saved.toModel()) {
      KerasFile.write(SavedModel.of(model, LocalDateTime.of(2026, 1, 2, 3, 4)), written);
    }
    requireRead(
        KerasFile.read(written), Lstm.of(3).returningSequences(), Bidirectional.of(Gru.of(3)));
  }

  @Test
  void cudnnHasNoOtherActivation() {
    Stored lstm = new Stored("a", cudnnLstm(INPUTS));
    Path file = file("2.2.4", CUDNN.formatted(", \"activation\": \"relu\""), lstm);
    assertThatThrownBy(() -> KerasFile.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("layer a (CuDNNLSTM): key activation with value \"relu\"");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void arraysThatAreMissingAreRefused(int there) {
    Stored lstm = new Stored("a", cudnnLstm(INPUTS).subList(0, there));
    Stored grus = new Stored("b", both(cudnnGru(UNITS), cudnnGru(UNITS)));
    Path file = file("2.2.4", CUDNN.formatted(""), lstm, grus);
    assertThatThrownBy(() -> KerasFile.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("layer a has " + there + " weights, the model has 3");
  }

  @Test
  void twoBiasesOfAGruThatResetsBeforeAreRefused() {
    String before =
        CUDNN
            .formatted("")
            .replace("CuDNNGRU", "GRU")
            .replace("\"units\": 3}}}}]", "\"units\": 3, \"reset_after\": false}}}}]");
    Path file =
        file(
            "2.2.4",
            before,
            new Stored("a", cudnnLstm(INPUTS)),
            new Stored("b", both(cudnnGru(UNITS), cudnnGru(UNITS))));
    assertThatThrownBy(() -> KerasFile.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("/model_weights/b/w2 is [18], the model has [9]");
  }

  private static final String FIRST =
      """
      {"class_name": "Sequential", "config": [
        {"class_name": "LSTM", "config": {"name": "a", "trainable": true,
          "batch_input_shape": [null, 7, 5], "input_dtype": "float32", "return_sequences": true,
          "go_backwards": false, "stateful": false, "unroll": false, "consume_less": "cpu",
          "input_dim": 5, "input_length": 7, "output_dim": 3, "init": "glorot_uniform",
          "inner_init": "orthogonal", "forget_bias_init": "one", "activation": "tanh",
          "inner_activation": "hard_sigmoid", "W_regularizer": null, "U_regularizer": null,
          "b_regularizer": null, "dropout_W": 0.0, "dropout_U": 0.0}},
        {"class_name": "GRU", "config": {"name": "b", "trainable": true,
          "return_sequences": false, "go_backwards": false, "stateful": false, "unroll": false,
          "consume_less": "mem", "input_dim": 3, "input_length": null, "output_dim": 3,
          "init": "glorot_uniform", "inner_init": "orthogonal", "activation": "tanh",
          "inner_activation": "hard_sigmoid", "W_regularizer": null, "U_regularizer": null,
          "b_regularizer": null, "dropout_W": 0.0, "dropout_U": 0.0}}]}
      """;

  /** Three arrays for each of these gates, which are named by their place in Keras's order. */
  private List<Object> apart(int inputs, int... gates) {
    int columns = gates.length * UNITS;
    float[][] kernel = expect(matrix(inputs, columns));
    float[][] recurrent = expect(matrix(UNITS, columns));
    float[][] bias = expect(matrix(1, columns));
    List<Object> arrays = new ArrayList<>();
    for (int gate : gates) {
      arrays.add(columns(kernel, gate));
      arrays.add(columns(recurrent, gate));
      arrays.add(columns(bias, gate)[0]);
    }
    return arrays;
  }

  private static float[][] columns(float[][] all, int gate) {
    return Arrays.stream(all)
        .map(row -> Arrays.copyOfRange(row, gate * UNITS, (gate + 1) * UNITS))
        .toArray(float[][]::new);
  }

  /** Which has an LSTM's gates as i, c, f, o: input, candidate, forget, output. */
  @Test
  void theFirstKerassGatesAreRead() {
    Stored lstm = new Stored("a", apart(INPUTS, 0, 2, 1, 3));
    Stored gru = new Stored("b", apart(UNITS, 0, 1, 2));
    SavedModel saved = KerasFile.read(file("1.2.2", FIRST, lstm, gru));
    requireRead(
        saved,
        Lstm.of(3).withRecurrentActivation(Activation.KERAS_2_HARD_SIGMOID).returningSequences(),
        Gru.of(3).withRecurrentActivation(Activation.KERAS_2_HARD_SIGMOID).resettingBefore());
  }

  @Test
  void aGateThatIsMissingIsRefused() {
    List<Object> eleven = apart(INPUTS, 0, 2, 1, 3).subList(0, 11);
    Stored gru = new Stored("b", apart(UNITS, 0, 1, 2));
    Path file = file("1.2.2", FIRST, new Stored("a", eleven), gru);
    assertThatThrownBy(() -> KerasFile.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("/model_weights/a/w0 is [5, 3], the model has [5, 12]");
  }
}
