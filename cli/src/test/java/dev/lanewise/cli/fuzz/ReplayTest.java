package dev.lanewise.cli.fuzz;

import dev.lanewise.cli.argument.OptionsTarget;
import dev.lanewise.cli.image.BmpTarget;
import dev.lanewise.cli.image.ExifTarget;
import dev.lanewise.cli.image.GifTarget;
import dev.lanewise.cli.image.JpegTarget;
import dev.lanewise.cli.image.PngTarget;
import dev.lanewise.cli.run.HistoryTarget;
import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.FuzzTarget;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What fuzzing begins with, and what it found, tried without a fuzzer. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReplayTest {
  private static final int FAULTS = 100;

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
    Corpus.replay(target, ReplayTest.class, FAULTS);
  }
}
