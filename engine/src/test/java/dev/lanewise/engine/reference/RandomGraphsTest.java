package dev.lanewise.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.engine.kernel.ChildJvm;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Graphs that nobody thought of: the reference against central differences, the engine against the
 * reference. {@code -Dlanewise.test.graphs=10000 -Dlanewise.test.seed=1} draws others.
 */
class RandomGraphsTest {
  private static final int GRAPHS = Integer.getInteger("lanewise.test.graphs", 60);
  private static final long SEED = Long.getLong("lanewise.test.seed", 0);

  @Test
  void gradientsAndAnswersAgree() {
    ChildJvm.Result child =
        ChildJvm.run(
            List.of("--add-modules=jdk.incubator.vector"),
            RandomGraphs.class,
            String.valueOf(GRAPHS),
            String.valueOf(SEED));
    System.out.println(child.output());
    assertThat(child.exitCode()).as(child.output()).isZero();
    assertThat(told(child.output(), RandomGraphs.AGAIN))
        .hasSize(2)
        .allMatch(count -> count <= GRAPHS / 30);
    assertThat(told(child.output(), RandomGraphs.ILL))
        .hasSize(1)
        .allMatch(count -> count <= 1 + GRAPHS / 100);
  }

  private static List<Integer> told(String output, String of) {
    return Pattern.compile(of + "(\\d+)")
        .matcher(output)
        .results()
        .map((MatchResult found) -> Integer.valueOf(found.group(1)))
        .toList();
  }
}
