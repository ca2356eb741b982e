package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Initializer;
import dev.lanewise.engine.layer.ParameterRule;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adadelta;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.ConstantLearningRate;
import dev.lanewise.engine.optimizer.GoldenOptimizers;
import dev.lanewise.engine.optimizer.InverseTimeDecay;
import dev.lanewise.engine.optimizer.Lion;
import dev.lanewise.engine.optimizer.Nadam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.RmsProp;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.optimizer.WeightAverage;
import dev.lanewise.engine.tensor.Shape;
import io.jhdf.api.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that Keras trained for 20 updates with each optimizer, its whole state in the file. */
class OptimizerFilesTest {
  private static final List<Integer> SIZES = List.of(12, 3, 6, 2);

  @TempDir Path folder;

  static Stream<String> names() {
    return GoldenOptimizers.all().keySet().stream();
  }

  private static SavedModel read(String name) {
    return KerasFile.read(Golden.path("optimizers/" + name + ".keras"));
  }

  @ParameterizedTest
  @MethodSource("names")
  void kerassFileGivesTheRuleAndItsWholeState(String name) {
    SavedModel saved = read(name);
    Optimizer rule = GoldenOptimizers.all().get(name);
    assertThat(saved.obstacle()).isNull();
    assertThat(Objects.requireNonNull(saved.optimizer()).rule()).isEqualTo(rule);
    assertThat(saved.parameters().iterations()).isEqualTo(20);
    assertThat(saved.parameters().hasSlotsOf(rule)).isTrue();
    sameInOrder(saved, GoldenOptimizers.recorded(name + "_slots"));
  }

  /** What Keras's program printed: all of the optimizer's variables, one after the other. */
  private static void sameInOrder(SavedModel saved, float[] recorded) {
    OptimizerLayout layout = OptimizerLayout.of(saved.spec());
    int next = 0;
    assertThat(recorded[next++]).isEqualTo(20);
    Double rate = layout.rate();
    if (rate != null) {
      assertThat(recorded[next++]).isEqualTo(rate.floatValue());
    }
    for (OptimizerLayout.Place place : layout.places()) {
      int size = SIZES.get(place.parameter());
      float[] found = saved.parameters().slots().get(place.slot()).values().get(place.parameter());
      assertThat(found)
          .containsExactly(GoldenOptimizers.split(recorded, next, List.of(size)).getFirst());
      next += size;
    }
    Double product = layout.product(20);
    if (product != null) {
      float last = recorded[next++];
      assertThat(product.floatValue()).isCloseTo(last, Offset.offset(1e-5f * last));
    }
    assertThat(next).isEqualTo(recorded.length);
  }

  @ParameterizedTest
  @MethodSource("names")
  void whatIsWrittenHasTheVariablesWhereKerasHadThem(String name) throws IOException {
    SavedModel saved = read(name);
    Path file = folder.resolve("again.keras");
    KerasFile.write(saved, file);
    SavedModel again = KerasFile.read(file);
    assertThat(again.optimizer()).isEqualTo(saved.optimizer());
    sameInOrder(again, GoldenOptimizers.recorded(name + "_slots"));
    byte[] keras = Files.readAllBytes(file);
    KerasFile.write(again, file);
    assertThat(Files.readAllBytes(file)).containsExactly(keras);
  }

  static Stream<Optimizer> unrecorded() {
    return Stream.of(
        Adadelta.of(0.5f).withWeightDecay(0.1),
        Lion.of(0.25f),
        Lion.of(0.25f).withAverage(WeightAverage.of(1)),
        Adadelta.of(0.5f).withAverage(WeightAverage.of(0).withOverwriteFrequency(2)));
  }

  private static SavedModel made(Optimizer rule) {
    List<SavedModel.NamedLayer> layers =
        List.of(
            new SavedModel.NamedLayer("a", Dense.of(3)),
            new SavedModel.NamedLayer("b", Dense.of(2)));
    List<Parameters.Slot> slots = new ArrayList<>();
    for (int s = 0; s < rule.slots().size(); s++) {
      float[] numbers = new float[23];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = 100 * s + i;
      }
      slots.add(
          new Parameters.Slot(rule.slots().get(s), GoldenOptimizers.split(numbers, 0, SIZES)));
    }
    return new SavedModel(
        "model",
        Shape.of(4),
        "input",
        layers,
        new SavedModel.Objective(Loss.MEAN_SQUARED_ERROR, List.of(), List.of()),
        new SavedModel.NamedOptimizer("own", rule),
        List.of(),
        new Parameters(GoldenOptimizers.split(new float[23], 0, SIZES), slots, 7),
        new SavedModel.Origin("3.16.0", ""));
  }

  @ParameterizedTest
  @MethodSource("unrecorded")
  void theOthersKeepEverythingToo(Optimizer rule) {
    Path file = folder.resolve("model.keras");
    KerasFile.write(made(rule), file);
    SavedModel again = KerasFile.read(file);
    assertThat(Objects.requireNonNull(again.optimizer()).rule()).isEqualTo(rule);
    assertThat(again.parameters().iterations()).isEqualTo(7);
    for (int s = 0; s < rule.slots().size(); s++) {
      for (int p = 0; p < SIZES.size(); p++) {
        assertThat(again.parameters().slots().get(s).values().get(p))
            .containsExactly(made(rule).parameters().slots().get(s).values().get(p));
      }
    }
  }

  /** As Keras's class makes its variables: both of a parameter together. */
  @Test
  void adadeltasVariablesAreInterleaved() {
    OptimizerLayout layout = OptimizerLayout.of(made(Adadelta.withDefaults()).spec());
    assertThat(layout.places())
        .startsWith(
            new OptimizerLayout.Place(0, 0),
            new OptimizerLayout.Place(1, 0),
            new OptimizerLayout.Place(0, 1));
  }

  /** Keras makes the means first, whatever the rule keeps. */
  @Test
  void meansOfWeightsStandBeforeTheRulesOwn() {
    Optimizer rule = Adam.withDefaults().withAverage(WeightAverage.withDefaults());
    assertThat(OptimizerLayout.of(made(rule).spec()).places())
        .startsWith(
            new OptimizerLayout.Place(2, 0),
            new OptimizerLayout.Place(2, 1),
            new OptimizerLayout.Place(2, 2),
            new OptimizerLayout.Place(2, 3),
            new OptimizerLayout.Place(0, 0),
            new OptimizerLayout.Place(1, 0));
  }

  /** Trained without a word of what it has to be; the mean that Keras kept is not the weight. */
  @Test
  void meansOfAFileAreRead() {
    SavedModel saved = read("adam_ema");
    Optimizer rule = Objects.requireNonNull(saved.optimizer()).rule();
    assertThat(rule.average()).isEqualTo(WeightAverage.of(0.9).withOverwriteFrequency(7));
    assertThat(saved.parameters().hasSlotsOf(rule)).isTrue();
    assertThat(saved.parameters().averaged(saved.spec()).values().getFirst())
        .isNotEqualTo(saved.parameters().values().getFirst());
  }

  /**
   * Whether Keras's older kind of file or the other, the means are the weights: a fit has ended.
   */
  @Test
  void legacyFilesHaveMeansToo() {
    SavedModel legacy = KerasFile.read(Golden.path("optimizers/average.h5"));
    SavedModel current = read("average");
    assertThat(legacy.obstacle()).isNull();
    assertThat(current.obstacle()).isNull();
    assertThat(Objects.requireNonNull(legacy.optimizer()).rule())
        .isEqualTo(Objects.requireNonNull(current.optimizer()).rule())
        .isEqualTo(Sgd.of(0.05f, 0.5).withAverage(WeightAverage.of(0.5).withOverwriteFrequency(4)));
    assertThat(legacy.parameters().iterations()).isEqualTo(3);
    for (int p = 0; p < SIZES.size(); p++) {
      for (int s = 0; s < 2; s++) {
        assertThat(legacy.parameters().slots().get(s).values().get(p))
            .containsExactly(current.parameters().slots().get(s).values().get(p));
      }
      assertThat(legacy.parameters().slots().get(1).values().get(p))
          .containsExactly(legacy.parameters().values().get(p));
    }
  }

  @Test
  void anAccumulationOfGradientsIsNamed() {
    SavedModel saved = read("adam_accumulate");
    assertThat(saved.obstacle())
        .contains("key gradient_accumulation_steps with value 4 is not supported");
    assertThat(saved.optimizer()).isNull();
    assertThat(saved.objective()).isNotNull();
  }

  /** A step size that a callback has set is the file's, as Keras's variable is. */
  @Test
  void aStepSizeThatWasSetIsWritten() {
    SavedModel saved = read("rmsprop");
    try (var model = saved.toModel()) {
      Parameters now = model.parameters();
      model.setParameters(new Parameters(now.values(), now.slots(), now.iterations(), 0.0625));
      Path file = folder.resolve("set.keras");
      KerasFile.write(SavedModel.of(model, LocalDateTime.of(2026, 2, 3, 4, 5, 6)), file);
      assertThat(Objects.requireNonNull(KerasFile.read(file).optimizer()).rule().learningRate())
          .isEqualTo(new ConstantLearningRate(0.0625));
    }
  }

  private static final ParameterRule ZEROS = ParameterRule.of(Initializer.ZEROS);

  /** The weights of the model of {@code autoencoder}, two LSTMs and a Dense, by shape alone. */
  private static List<ParameterSpec> autoencoder() {
    List<ParameterSpec> all = new ArrayList<>();
    for (int cell = 0; cell < 2; cell++) {
      all.add(ZEROS.array("kernel", Shape.of(5, 20)));
      all.add(ZEROS.array("recurrent_kernel", Shape.of(5, 20)));
      all.add(ZEROS.array("bias", Shape.of(20)));
    }
    all.add(ZEROS.array("kernel", Shape.of(5, 5)));
    all.add(ZEROS.array("bias", Shape.of(5)));
    return all;
  }

  private static WeightsReader.OptimizerState state(
      String extension, String path, OptimizerLayout layout) throws IOException {
    Path file = Golden.path("optimizers/autoencoder" + extension);
    try (Hdf5 hdf5 = Hdf5.of(Files.readAllBytes(file), extension)) {
      Group group = Objects.requireNonNull(hdf5.groupOrNull(path));
      List<String> listed = hdf5.names(group, "weight_names");
      List<String> names =
          listed != null
              ? listed
              : IntStream.range(0, hdf5.numberedDatasets(group).size())
                  .mapToObj(String::valueOf)
                  .toList();
      return layout.read(hdf5, group, names);
    }
  }

  @Test
  void legacyFilesHaveTheSameOrder() throws IOException {
    OptimizerLayout layout = new OptimizerLayout(Nadam.of(0.01), autoencoder());
    var legacy = state(".h5", "optimizer_weights", layout);
    var current = state(".weights.h5", "optimizer/vars", layout);
    assertThat(legacy.iterations()).isEqualTo(current.iterations()).isPositive();
    assertThat(legacy.learningRate()).isEqualTo(current.learningRate());
    assertThat(legacy.slots()).hasSize(2);
    for (int s = 0; s < 2; s++) {
      for (int p = 0; p < 8; p++) {
        assertThat(legacy.slots().get(s).values().get(p))
            .containsExactly(current.slots().get(s).values().get(p));
      }
    }
  }

  /** One that is of other iterations, or of another beta1, would go on as nobody began. */
  @Test
  void aProductThatIsNotTheRulesIsNamed() {
    OptimizerLayout layout =
        new OptimizerLayout(new Nadam(Nadam.of(0.01).options(), 0.8, 0.999, 1e-7), autoencoder());
    assertThatThrownBy(() -> state(".h5", "optimizer_weights", layout))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("optimizer Nadam: u_product is");
  }

  /** Of the same number but in another order, they have other shapes. */
  @Test
  void variablesInAnotherOrderAreRefused() {
    SavedModel adam = made(Adam.withDefaults());
    byte[] bytes = WeightsWriter.bytes(adam);
    try (Hdf5 hdf5 = Hdf5.of(bytes, "file")) {
      ModelSpec other =
          new ModelSpec(
              adam.spec().input(),
              adam.spec().layers(),
              Loss.MEAN_SQUARED_ERROR,
              RmsProp.of(0.1).withMomentum(0.5));
      assertThatThrownBy(() -> new WeightsReader(hdf5, "file").optimizer(other))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("the model has");
    }
  }

  private static Optimizer rule(String type, String settings) {
    String compile =
        "{\"optimizer_config\": {\"class_name\": \"%s\", \"config\": {%s}}}"
            .formatted(type, settings);
    Config config =
        new Config("training_config", JsonParser.parseString(compile).getAsJsonObject());
    return OptimizerConfig.of(config).rule();
  }

  @Test
  void aWrapperThatScalesLossesIsNamedWithItsCure() {
    assertThatThrownBy(() -> rule("LossScaleOptimizer", "\"initial_scale\": 32768.0"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "compile_config: optimizer LossScaleOptimizer keeps gradients within the range of"
                + " float16, and training here is in float32; in Keras, compile the model with the"
                + " optimizer that it wraps, and save it again");
  }

  /** The rate had another name, and a setting that is a schedule since. */
  @Test
  void ratesOfKeras2AreRead() {
    assertThat(rule("Adam", "\"lr\": 0.5").learningRate()).isEqualTo(new ConstantLearningRate(0.5));
    assertThat(rule("SGD", "\"learning_rate\": 0.5, \"decay\": 1e-6").learningRate())
        .isEqualTo(new InverseTimeDecay(0.5, 1, 1e-6, false));
    assertThat(rule("SGD", "\"decay\": 0.1").learningRate())
        .isEqualTo(new InverseTimeDecay(0.01, 1, 0.1, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SGD | 'lr': 1, 'learning_rate': 1 | key lr must be absent beside learning_rate, found 1",
        "SGD | 'decay': -1 | InverseTimeDecay: decayRate must be at least 0",
        "SGD | 'decay': 1, 'learning_rate': {} | key learning_rate must be a number, as where",
        "SGD | 'lr': {} | key lr must be a number, as where Keras 2 had lr and decay, found {}",
        "Nadam | 'decay': 0.004 | key decay must be 0, found 0.004",
      })
  void otherRatesAreRefused(String type, String settings, String reason) {
    assertThatThrownBy(() -> rule(type, settings.replace('\'', '"')))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(reason);
  }
}
