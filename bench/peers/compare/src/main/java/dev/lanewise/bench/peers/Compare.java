package dev.lanewise.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs every peer in turn, several rounds, one process at a time, and prints one table of medians.
 */
final class Compare {
  private Compare() {}

  /**
   * Runs from the repository's root.
   *
   * @param args rounds, epochs, and the folder that takes {@code peers.md} and {@code peers.csv}
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    int rounds = Integer.parseInt(args[0]);
    int epochs = Integer.parseInt(args[1]);
    Path folder = Files.createDirectories(Path.of(args[2]));
    Path digits = Path.of("cli/src/main/resources/dev/lanewise/cli/mnist").toAbsolutePath();
    Map<Contestant, List<Outcome>> outcomes = new LinkedHashMap<>();
    List<String> rows = new ArrayList<>(List.of("round,peer," + Outcome.HEADER));
    for (int round = 1; round <= rounds; round++) {
      for (Contestant contestant : Contestants.all()) {
        Outcome outcome = contestant.run(digits, epochs);
        outcomes.computeIfAbsent(contestant, key -> new ArrayList<>()).add(outcome);
        System.out.printf("round %d: %s: %s%n", round, contestant.name(), outcome.summary());
        rows.add(round + ",\"" + contestant.name() + "\"," + outcome.row());
        Files.write(folder.resolve("peers.csv"), rows);
      }
    }
    List<String> table = ComparisonTable.of(outcomes);
    Files.write(folder.resolve("peers.md"), table);
    table.forEach(System.out::println);
  }
}
