package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Models that {@code bench/keras/draw_models.py} drew: answers, losses, weights and metrics are
 * those of Keras. A folder of others comes by {@code -Dlanewise.test.drawn=FOLDER}; what is written
 * of these stays there for {@code check_models.py}, and what was found is in {@code verdicts.txt}.
 */
class DrawnModelsTest {
  private static final String OTHERS = System.getProperty("lanewise.test.drawn", "");

  @Test
  void areAsInKeras() throws IOException {
    assertThat(verdicts(Golden.path("drawn/alike"), false))
        .hasSize(10)
        .allMatch(verdict -> verdict.endsWith(DrawnModel.ALIKE));
  }

  /** Unrolled, Keras zeroes outputs at other steps than in a loop. */
  @Test
  void whatKerasUnrollsUnderAMaskIsRefused() throws IOException {
    assertThat(verdicts(Golden.path("drawn/unrolled"), false))
        .hasSize(2)
        .allMatch(verdict -> verdict.contains("key unroll must be false"));
  }

  @Test
  void othersAreAsInKerasOrRefused() throws IOException {
    if (!OTHERS.isEmpty()) {
      List<String> verdicts = verdicts(Path.of(OTHERS), true);
      Files.write(Path.of(OTHERS, "verdicts.txt"), verdicts);
      assertThat(verdicts)
          .allMatch(v -> v.endsWith(DrawnModel.ALIKE) || v.contains(DrawnModel.REFUSED));
    }
  }

  private static List<String> verdicts(Path folder, boolean writes) throws IOException {
    List<Path> models;
    try (Stream<Path> list = Files.list(folder)) {
      models = list.filter(path -> Files.exists(path.resolve("facts.npz"))).sorted().toList();
    }
    List<String> verdicts = new ArrayList<>();
    for (Path model : models) {
      verdicts.add(model.getFileName() + " " + new DrawnModel(model, writes).verdict());
    }
    return verdicts;
  }
}
