package dev.lanewise.cuda.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The probes of bench/gpu, which ask a real driver without a JVM, on the stand-in: the kernels that
 * they name are there, take what they are given, and compute what NumPy does. Skipped where Python
 * has no NumPy.
 */
@Tag("emulated")
class ProbesTest {
  private static final Path PROBES = Path.of("..", "bench", "gpu");

  private static Path driver = Path.of("");

  @BeforeAll
  static void build() throws IOException {
    Emulation.require();
    driver = Emulation.build().toAbsolutePath();
  }

  private record Outcome(int exit, String text) {}

  private static Outcome python(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("python3"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), text);
  }

  private static void requireNumPy() throws InterruptedException {
    String problem;
    try {
      problem = python("-c", "import numpy").text();
    } catch (IOException e) {
      problem = String.valueOf(e.getMessage());
    }
    assumeTrue(problem.isEmpty(), "no python3 with NumPy: " + problem.strip());
  }

  private static Outcome probe(String program, String... more)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    arguments.add(PROBES.resolve(program).toString());
    arguments.addAll(List.of("--check-only", "--driver", driver.toString(), "--ptx"));
    arguments.add("src/main/resources/dev/lanewise/cuda/lanewise.ptx");
    arguments.addAll(List.of(more));
    return python(arguments.toArray(String[]::new));
  }

  /** Lines are six of a founding batch; of LSTM and GRU seven and six of four ways, less a bias. */
  @ParameterizedTest
  @CsvSource({"ptx_probe.py, 6", "gated_probe.py, 50"})
  void kernelsAreWhatNumPySays(String program, int lines) throws IOException, InterruptedException {
    requireNumPy();
    Outcome found = probe(program, "--rows", "3");
    assertThat(found.exit()).as(found.text()).isZero();
    assertThat(found.text()).startsWith("CPU emulation (not a GPU)").doesNotContain("WRONG");
    assertThat(found.text().lines().filter(line -> line.endsWith(" ok"))).hasSize(lines);
  }

  @Test
  void whatIsMissingIsToldInOneLine() throws IOException, InterruptedException {
    requireNumPy();
    Outcome driverless = python(PROBES.resolve("gated_probe.py").toString(), "--driver", "none.so");
    assertThat(driverless.exit()).isOne();
    assertThat(driverless.text().lines())
        .singleElement()
        .asString()
        .startsWith("no driver: none.so: ");
    Outcome without = python("-S", "-E", PROBES.resolve("ptx_probe.py").toString());
    assertThat(without.exit()).isOne();
    assertThat(without.text().lines())
        .singleElement()
        .asString()
        .startsWith("ptx_probe.py needs NumPy, which this Python (");
  }
}
