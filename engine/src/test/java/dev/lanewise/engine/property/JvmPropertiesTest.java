package dev.lanewise.engine.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.backend.cpu.CpuBackend;
import dev.lanewise.engine.kernel.ChildJvm;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Sgd;
import dev.lanewise.engine.tensor.MemoryLedger;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.tensor.TensorArena;
import dev.lanewise.engine.train.Model;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JvmPropertiesTest {
  private static JvmProperties of(String... pairs) {
    Properties given = new Properties();
    for (int i = 0; i < pairs.length; i += 2) {
      given.setProperty(pairs[i], pairs[i + 1]);
    }
    return JvmProperties.of(given);
  }

  @Test
  void whatIsNotGivenIsLeftToTheMachine() {
    assertThat(of()).isEqualTo(new JvmProperties("auto", 0, false, 512 << 20, 0));
    assertThat(
            of(
                "lanewise.kernels", "simd",
                "lanewise.vectorBits", "256",
                "lanewise.memory", "bounded",
                "lanewise.memory.bytes", "1000000",
                "lanewise.memory.budget", "1"))
        .isEqualTo(new JvmProperties("simd", 256, true, 1_000_000, 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lanewise.kernels | fast | auto, simd or scalar",
        "lanewise.kernels | '' | auto, simd or scalar",
        "lanewise.vectorBits | 7 | 128, 256 or 512",
        "lanewise.vectorBits | 0 | 128, 256 or 512",
        "lanewise.memory | foo | system or bounded",
        "lanewise.memory.bytes | -1 | a number of bytes, at least 1",
        "lanewise.memory.budget | 0 | a number of bytes, at least 1",
        "lanewise.memory.budget | 512m | a number of bytes, at least 1",
        "lanewise.memory.budget | 9223372036854775808 | a number of bytes, at least 1"
      })
  void whatCannotBeMeantIsRefused(String name, String value, String expected) {
    assertThatThrownBy(() -> of(name, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(name + " must be " + expected + ", found " + value);
  }

  /** Tries every way into the engine. */
  public static final class Ways {
    private Ways() {}

    /** Prints what each of them throws. */
    public static void main(String[] args) {
      List<Runnable> ways =
          List.of(
              () -> new TensorArena("a").close(),
              () -> TensorArena.counting("a").close(),
              MemoryLedger::budgetBytes,
              CpuBackend::vectorBits,
              () -> new CpuBackend().warmUp(),
              () -> {
                try (Model model =
                    Model.sequential(Shape.of(2), Dense.of(2))
                        .compile(Sgd.of(0.1), Loss.MEAN_SQUARED_ERROR)
                        .onBackend(new CpuBackend())) {
                  model.prepare(1);
                }
              });
      for (Runnable way : ways) {
        for (int attempt = 0; attempt < 2; attempt++) {
          try {
            way.run();
            System.out.println("accepted");
          } catch (Throwable e) {
            System.out.println(e);
          }
        }
      }
      System.out.println(new CpuBackend().probe());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-Dlanewise.memory=foo, scalar",
    "-Dlanewise.memory.budget=0, auto",
    "-Dlanewise.memory.budget=512m, auto",
    "-Dlanewise.vectorBits=7, scalar"
  })
  void everyWayIntoTheEngineSaysItEveryTime(String option, String kernels) {
    ChildJvm.Result child =
        ChildJvm.run(
            List.of("--add-modules=jdk.incubator.vector", "-Dlanewise.kernels=" + kernels, option),
            Ways.class);
    String refusal = option.substring(2, option.indexOf('=')) + " must be ";
    assertThat(child.output().lines().filter(line -> !line.startsWith("WARNING")))
        .hasSize(13)
        .allMatch(
            line ->
                line.startsWith("java.lang.IllegalArgumentException: " + refusal)
                    || line.startsWith("Probe[available=false, description=" + refusal));
  }
}
