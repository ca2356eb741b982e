package dev.lanewise.cli.fuzz;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.lanewise.cli.argument.OptionsTarget;
import dev.lanewise.cli.image.BmpTarget;
import dev.lanewise.cli.image.ExifTarget;
import dev.lanewise.cli.image.GifTarget;
import dev.lanewise.cli.image.JpegTarget;
import dev.lanewise.cli.image.PngTarget;
import dev.lanewise.cli.run.HistoryTarget;
import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.FuzzTarget;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What fuzzing begins with, and what it found, tried without a fuzzer. {@code
 * -Dlanewise.test.faults=1000000} tries every beginning of every seed and every bit turned over.
 */
class ReplayTest {
  private static final int FAULTS = Integer.getInteger("lanewise.test.faults", 100);

  static List<FuzzTarget<?>> targets() {
    return List.of(
        PngTarget.TARGET,
        GifTarget.TARGET,
        BmpTarget.TARGET,
        JpegTarget.TARGET,
        ExifTarget.TARGET,
        HistoryTarget.TARGET,
        OptionsTarget.TARGET);
  }

  @ParameterizedTest
  @MethodSource("targets")
  void seedsAndSingleFaultsOfThemKeepThePromises(FuzzTarget<?> target) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(60 + FAULTS / 100),
        () -> Corpus.replay(target, ReplayTest.class, FAULTS));
  }
}
