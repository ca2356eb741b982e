package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A property of the JVM that cannot be meant ends the program in one line, before any work. */
class GivenPropertiesIT {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lanewise.memory=foo | lanewise.memory must be system or bounded, found foo",
        "lanewise.memory.budget=0 | lanewise.memory.budget must be a number of bytes, at least 1,"
            + " found 0; 512 MiB are 536870912",
        "lanewise.memory.budget=512m | lanewise.memory.budget must be a number of bytes, at least"
            + " 1, found 512m; 512 MiB are 536870912",
        "lanewise.vectorBits=7 | lanewise.vectorBits must be 128, 256 or 512, found 7",
        "lanewise.kernels=fast | lanewise.kernels must be auto, simd or scalar, found fast",
        "lanewise.relaunch=no | lanewise.relaunch must be never, found no",
        "lanewise.vectorbits=256 | -Dlanewise.vectorbits means nothing here; the properties are"
            + " lanewise.kernels, lanewise.vectorBits, lanewise.memory, lanewise.memory.bytes,"
            + " lanewise.memory.budget and lanewise.relaunch"
      })
  void isRefused(String property, String line) {
    for (String command : List.of("doctor", "train")) {
      Child.Outcome outcome = Child.start(folder, List.of("-D" + property), command).await(60);
      assertThat(outcome.exit()).isEqualTo(2);
      assertThat(outcome.stdout()).isEmpty();
      assertThat(outcome.messages()).containsExactly("lanewise: " + line);
    }
  }
}
