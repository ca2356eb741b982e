package dev.lanewise.cli.train.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lanewise.cli.tell.OptimizerText;
import dev.lanewise.engine.optimizer.Adadelta;
import dev.lanewise.engine.optimizer.Adagrad;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.AdamW;
import dev.lanewise.engine.optimizer.Adamax;
import dev.lanewise.engine.optimizer.ConstantLearningRate;
import dev.lanewise.engine.optimizer.CosineDecay;
import dev.lanewise.engine.optimizer.CosineDecayRestarts;
import dev.lanewise.engine.optimizer.ExponentialDecay;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.InverseTimeDecay;
import dev.lanewise.engine.optimizer.Lion;
import dev.lanewise.engine.optimizer.Nadam;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.PiecewiseConstantDecay;
import dev.lanewise.engine.optimizer.PolynomialDecay;
import dev.lanewise.engine.optimizer.RmsProp;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.optimizer.WeightAverage;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class OptimizerOptionsTest {
  @Command
  private static final class Holder {
    @Mixin OptimizerOptions options = new OptimizerOptions();
  }

  private static Optimizer of(String... arguments) {
    Holder holder = new Holder();
    new CommandLine(holder).parseArgs(arguments);
    return holder.options.optimizer(null, 320, 5);
  }

  @Test
  void theDefaultIsTheNotebooksAdam() {
    assertThat(of()).isEqualTo(Adam.withDefaults());
  }

  static Stream<Arguments> rules() {
    return Stream.of(
        arguments("--optimizer=adam --amsgrad", Adam.withDefaults().withAmsgrad()),
        arguments("--weight-decay=0.01", Adam.withDefaults().withWeightDecay(0.01)),
        arguments("--optimizer=adamw", AdamW.of(0.001, 0.004)),
        arguments("--optimizer=adamw --weight-decay=0.1", AdamW.of(0.001, 0.1)),
        arguments("--optimizer=sgd", Sgd.of(0.01)),
        arguments(
            "--optimizer=sgd --momentum=0.9 --nesterov --learning-rate=0.1",
            Sgd.of(0.1, 0.9).withNesterov()),
        arguments("--optimizer=rmsprop", RmsProp.withDefaults()),
        arguments(
            "--optimizer=rmsprop --momentum=0.5 --centered",
            RmsProp.withDefaults().withMomentum(0.5).withCentering()),
        arguments("--optimizer=adamax", Adamax.withDefaults()),
        arguments("--optimizer=nadam", Nadam.withDefaults()),
        arguments("--optimizer=adagrad", Adagrad.withDefaults()),
        arguments("--optimizer=adadelta --learning-rate=1", Adadelta.of(1.0)),
        arguments("--optimizer=lion", Lion.withDefaults()),
        arguments("--use-ema", Adam.withDefaults().withAverage(WeightAverage.of(0.99))),
        arguments(
            "--optimizer=lion --use-ema --ema-momentum=0.5 --ema-overwrite-frequency=7",
            Lion.withDefaults().withAverage(WeightAverage.of(0.5).withOverwriteFrequency(7))));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aRuleHasKerassDefaultsAndItsOwnOptions(String line, Optimizer expected) {
    Holder holder = new Holder();
    CommandLine command = new CommandLine(holder);
    command.parseArgs(line.split(" "));
    holder.options.check(command);
    assertThat(holder.options.optimizer(null, 320, 5)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "--momentum=0.5, --momentum needs --optimizer sgd or rmsprop",
    "--optimizer=sgd --momentum=1, --momentum must be at least 0 and below 1",
    "--optimizer=sgd --nesterov, --nesterov needs --optimizer sgd and a --momentum above 0",
    "--optimizer=nadam --amsgrad, --amsgrad needs --optimizer adam or adamw",
    "--optimizer=adam --centered, --centered needs --optimizer rmsprop",
    "--weight-decay=-1, --weight-decay must be at least 0",
    "--ema-momentum=0.5, --ema-momentum and --ema-overwrite-frequency need --use-ema",
    "--use-ema --ema-momentum=1.5, --ema-momentum must be from 0 to 1",
    "--use-ema --ema-overwrite-frequency=0, --ema-overwrite-frequency must be",
    "--recipe=tuned --optimizer=lion, --recipe tuned was found for adam",
  })
  void whatARuleHasNoUseForIsNamed(String line, String message) {
    Holder holder = new Holder();
    CommandLine command = new CommandLine(holder);
    command.parseArgs(line.split(" "));
    assertThatThrownBy(() -> holder.options.check(command))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageStartingWith(message);
  }

  private static Optimizer of(Optimizer own, String... arguments) {
    Holder holder = new Holder();
    new CommandLine(holder).parseArgs(arguments);
    return holder.options.optimizer(own, 320, 5);
  }

  @Test
  void aModelsOwnRuleStaysWhereNothingElseIsAskedFor() {
    Optimizer own = Lion.of(0.25).withClipping(GradientClipping.norm(3)).withWeightDecay(0.5);
    assertThat(of(own)).isEqualTo(own);
    assertThat(of(own, "--learning-rate=0.5"))
        .isEqualTo(own.withLearningRate(new ConstantLearningRate(0.5)));
    assertThat(of(own, "--schedule=cosine").learningRate()).isEqualTo(CosineDecay.of(0.25, 1600));
    assertThat(of(own, "--clipvalue=2")).isEqualTo(own.withClipping(GradientClipping.value(2)));
    assertThat(of(own, "--optimizer=sgd")).isEqualTo(Sgd.of(0.01));
    Optimizer averaged = own.withAverage(WeightAverage.of(0.5));
    assertThat(of(averaged)).isEqualTo(averaged);
    assertThat(of(averaged, "--use-ema")).isEqualTo(own.withAverage(WeightAverage.of(0.99)));
  }

  /** In words of the report and of inspect. */
  @Test
  void everyRuleHasItsWords() {
    assertThat(OptimizerText.of(RmsProp.of(0.01).withMomentum(0.5).withCentering()))
        .isEqualTo("centered RMSprop with momentum 0.5, learning rate 0.01");
    assertThat(OptimizerText.of(AdamW.of(0.001, 0.004)))
        .isEqualTo("AdamW, learning rate 0.001, weight decay 0.004");
    assertThat(
            OptimizerText.of(
                Sgd.of(0.1).withAverage(WeightAverage.of(0.9).withOverwriteFrequency(4))))
        .isEqualTo(
            "SGD, learning rate 0.1, running means of weights, momentum 0.9,"
                + " which these become every 4 updates");
    assertThat(OptimizerText.of(Adam.of(new ExponentialDecay(0.01, 5, 0.5, false)).withAmsgrad()))
        .isEqualTo("Adam with amsgrad, learning rate from 0.01, times 0.5 in 5 updates");
    assertThat(OptimizerText.of(Adam.of(new InverseTimeDecay(0.01, 5, 0.5, true))))
        .isEqualTo("Adam, learning rate 0.01, divided by 1 + 0.5 after each 5 updates");
    assertThat(OptimizerText.of(Adam.of(new PolynomialDecay(0.01, 5, 0.001, 2, true))))
        .isEqualTo("Adam, learning rate from 0.01 to 0.001 in 5 updates, power 2.0, in cycles");
    assertThat(OptimizerText.of(Sgd.of(0.1).withLearningRate(CosineDecayRestarts.of(0.01, 5))))
        .isEqualTo(
            "SGD, learning rate from 0.01 along cosines, the first over 5 updates, each next 2.0"
                + " times as long");
    assertThat(OptimizerText.of(Adam.of(new CosineDecayRestarts(0.01, 5, 1, 0.5, 0))))
        .isEqualTo(
            "Adam, learning rate from 0.01 along cosines, the first over 5 updates, each next 1.0"
                + " times as long and 0.5 times as high");
  }

  @Test
  void theTunedRecipeCoversExactlyTheRun() {
    CosineDecay schedule = (CosineDecay) of("--recipe", "tuned").learningRate();
    assertThat(schedule.warmupSteps() + schedule.decaySteps()).isEqualTo(1600);
    assertThat(of("--recipe", "tuned").clipping()).isNotEqualTo(GradientClipping.none());
  }

  @Test
  void anOptionOutweighsTheRecipe() {
    Optimizer optimizer =
        of(
            "--recipe",
            "tuned",
            "--learning-rate",
            "0.01",
            "--warmup-steps",
            "0",
            "--clipvalue",
            "2");
    assertThat(optimizer.learningRate()).isEqualTo(CosineDecay.of(0.01, 1600));
    assertThat(optimizer.clipping()).isEqualTo(GradientClipping.value(2));
  }

  @Test
  void stepsComeAtTheEndsOfEpochs() {
    assertThat(of("--schedule", "step").learningRate())
        .isEqualTo(
            new PiecewiseConstantDecay(List.of(639L, 1279L), List.of(0.001, 0.0005, 0.00025)));
  }

  @Test
  void aShortRunHasAShortWarmUp() {
    Holder holder = new Holder();
    new CommandLine(holder).parseArgs("--recipe", "tuned");
    CosineDecay schedule = (CosineDecay) holder.options.optimizer(null, 20, 1).learningRate();
    assertThat(schedule.warmupSteps()).isEqualTo(10);
    assertThat(schedule.decaySteps()).isEqualTo(10);
  }
}
