package dev.lanewise.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecondJvmTest {
  @Test
  void sameReleaseGetsEveryArgumentButThoseWithAPort() {
    assertThat(
            SecondJvm.passedOn(
                List.of(
                    "-XX:+UseZGC",
                    "-agentlib:jdwp=server=y,address=5005",
                    "-Dcom.sun.management.jmxremote.port=9010",
                    "-Xlog:gc"),
                true))
        .containsExactly("-XX:+UseZGC", "-Xlog:gc");
  }

  @Test
  void otherReleaseGetsOnlyPropertiesAssertionsAndSizes() {
    assertThat(
            SecondJvm.passedOn(
                List.of(
                    "-Dlanewise.seed=1",
                    "-Xmx2g",
                    "-Dcom.sun.management.jmxremote.port=9010",
                    "-ea:dev.lanewise...",
                    "-XX:MaxRAMPercentage=50",
                    "-XX:MaxPermSize=64m",
                    "-Xbootclasspath/a:x.jar",
                    "-javaagent:agent.jar",
                    "--add-modules=jdk.incubator.vector",
                    "-XX:+UseConcMarkSweepGC"),
                false))
        .containsExactly(
            "-Dlanewise.seed=1", "-Xmx2g", "-ea:dev.lanewise...", "-XX:MaxRAMPercentage=50");
  }

  @ParameterizedTest
  @CsvSource({
    "train, true",
    "train --epochs 1 --backend cpu, true",
    "train --backend cuda, false",
    "train --backend=CUDA, false",
    "train --help, false",
    "train -h, false",
    "evaluate train, false",
    "'', false"
  })
  void trainingOnTheCpuGains(String line, boolean gains) {
    String[] args = line.isEmpty() ? new String[0] : line.split(" ");
    assertThat(SecondJvm.trainsOnCpu(args)).isEqualTo(gains);
  }

  @ParameterizedTest
  @CsvSource({
    "--add-modules=jdk.incubator.vector, true",
    "--enable-native-access=ALL-UNNAMED, true",
    "-Xmx2g, true",
    "-Dlanewise.kernels=scalar, true",
    "-XX:+UseZGC, false",
    "-agentlib:jdwp=server=y, false",
    "-javaagent:agent.jar, false",
    "-Dcom.sun.management.jmxremote.port=9010, false",
    "-Xint, false"
  })
  void optionsOfAnotherKindAreMeantForThisJvm(String option, boolean plain) {
    assertThat(SecondJvm.isPlain(List.of("-Da=b", option))).isEqualTo(plain);
  }
}
