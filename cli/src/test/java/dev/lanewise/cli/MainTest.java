package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

  @Test
  void sameReleaseGetsEveryArgumentButTheDebugger() {
    assertThat(
            Main.passedOn(
                List.of("-XX:+UseZGC", "-agentlib:jdwp=server=y,address=5005", "-Xlog:gc"), true))
        .containsExactly("-XX:+UseZGC", "-Xlog:gc");
  }

  @Test
  void otherReleaseGetsOnlyPropertiesAssertionsAndSizes() {
    assertThat(
            Main.passedOn(
                List.of(
                    "-Dlanewise.seed=1",
                    "-Xmx2g",
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
  @ValueSource(strings = {"Main", "ChildErrors", "JavaHomes", "JavaHomes$Installation"})
  void launcherIsCompiledForJava8(String name) throws IOException {
    try (InputStream in = Main.class.getResourceAsStream(name + ".class")) {
      assertThat(in).isNotNull();
      DataInputStream data = new DataInputStream(in);
      data.skipBytes(6);
      assertThat(data.readUnsignedShort()).isEqualTo(52);
    }
  }
}
