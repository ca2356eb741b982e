package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.optimizer.CosineDecay;
import dev.lanewise.engine.optimizer.GradientClipping;
import dev.lanewise.engine.optimizer.Optimizer;
import dev.lanewise.engine.optimizer.PiecewiseConstantDecay;
import java.util.List;
import org.junit.jupiter.api.Test;
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
    return holder.options.optimizer(320, 5);
  }

  @Test
  void theDefaultIsTheNotebooksAdam() {
    assertThat(of()).isEqualTo(Adam.withDefaults());
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
    CosineDecay schedule = (CosineDecay) holder.options.optimizer(20, 1).learningRate();
    assertThat(schedule.warmupSteps()).isEqualTo(10);
    assertThat(schedule.decaySteps()).isEqualTo(10);
  }
}
