package dev.lanewise.engine.fuzz;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.lanewise.engine.archive.ZipTarget;
import dev.lanewise.engine.checkpoint.SealedTarget;
import dev.lanewise.engine.data.CsvTarget;
import dev.lanewise.engine.data.IdxGzipTarget;
import dev.lanewise.engine.data.IdxTarget;
import dev.lanewise.engine.data.NpyTarget;
import dev.lanewise.engine.data.NpzArraysTarget;
import dev.lanewise.engine.data.NpzTarget;
import dev.lanewise.engine.keras.ArchiveTarget;
import dev.lanewise.engine.keras.ConfigTarget;
import dev.lanewise.engine.keras.LegacyTarget;
import dev.lanewise.engine.keras.TextTarget;
import dev.lanewise.engine.keras.WeightsTarget;
import dev.lanewise.engine.train.CheckpointTarget;
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
        IdxTarget.TARGET,
        IdxGzipTarget.TARGET,
        NpyTarget.TARGET,
        CsvTarget.TARGET,
        ZipTarget.TARGET,
        NpzTarget.TARGET,
        NpzArraysTarget.TARGET,
        SealedTarget.TARGET,
        CheckpointTarget.TARGET,
        ConfigTarget.TARGET,
        ArchiveTarget.TARGET,
        TextTarget.TARGET,
        WeightsTarget.TARGET,
        LegacyTarget.TARGET);
  }

  @ParameterizedTest
  @MethodSource("targets")
  void seedsAndSingleFaultsOfThemKeepThePromises(FuzzTarget<?> target) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(60 + FAULTS / 100),
        () -> Corpus.replay(target, ReplayTest.class, FAULTS));
  }
}
