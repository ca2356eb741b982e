package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A container of 512 MB, in which the JVM takes a quarter for its heap. */
class SmallHeapIT {
  private static final List<String> CONTAINER = List.of("-XX:MaxRAM=512m", "-XX:+UseSerialGC");

  @TempDir Path folder;

  @Test
  void mnistIsTrainedOnAndEvaluatedInAContainerOf512Megabytes() {
    run("train --epochs 1 --limit 3000 --units 16 --out run");
    assertThat(run("evaluate run/model.keras").stdout()).contains("accuracy: 0.");
  }

  @Test
  void whereTheHeapIsTooSmallTheMessageNamesTheOption() {
    Child.Outcome outcome =
        Child.start(folder, List.of("-Xmx40m", "-XX:+UseSerialGC"), "show").await(120);
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.messages())
        .singleElement()
        .asString()
        .startsWith("lanewise: out of heap memory (")
        .endsWith("MiB; raise it with java -XX:MaxRAMPercentage=75, or -Xmx");
  }

  private Child.Outcome run(String line) {
    Child.Outcome outcome = Child.start(folder, CONTAINER, line.split(" ")).await(120);
    assertThat(outcome.exit()).as(outcome.stderr()).isZero();
    return outcome;
  }
}
