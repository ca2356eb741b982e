package dev.lanewise.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs every model in every peer in turn, several rounds, one process at a time, and prints one
 * table of medians.
 */
final class Compare {
  private static final int ALL = 60_000;

  /** Enough for a batch and its validation, which loads every library. */
  private static final int FEW = 300;

  private final Path folder;
  private final Duration patience;
  private final List<Contestant> present = new ArrayList<>();
  private final Map<Contestant, List<Outcome>> outcomes = new LinkedHashMap<>();
  private final List<String> rows = new ArrayList<>(List.of("round,model,peer," + Outcome.HEADER));

  private Compare(Path folder, Duration patience) {
    this.folder = folder;
    this.patience = patience;
  }

  /**
   * Runs from the repository's root.
   *
   * @param args rounds; epochs; how many of the 60,000 training digits, or {@code all}; minutes
   *     after which a process is stopped; the folder that takes {@code peers.md}, {@code peers.csv}
   *     and the logs; names of {@link Cell}s, separated by commas
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    int rounds = Integer.parseInt(args[0]);
    int epochs = Integer.parseInt(args[1]);
    int limit = args[2].equals("all") ? ALL : Integer.parseInt(args[2]);
    Duration patience = Duration.ofMinutes(Integer.parseInt(args[3]));
    Path folder = Files.createDirectories(Path.of(args[4]));
    List<Cell> cells = Arrays.stream(args[5].split(",")).map(Cell::named).toList();
    Path digits = Path.of("cli/src/main/resources/dev/lanewise/cli/mnist").toAbsolutePath();
    Compare compare = new Compare(folder, patience);
    compare.unpack(Contestants.all(folder, cells), new Work(digits, 1, FEW));
    for (int round = 1; round <= rounds; round++) {
      compare.round(round, new Work(digits, epochs, limit));
    }
    compare.report(
        String.format(
            Locale.ROOT,
            "%s; %s; medians of %d rounds, %d epochs, %d training digits.",
            LocalDate.now(ZoneOffset.UTC),
            Machine.describe(),
            rounds,
            epochs,
            limit));
  }

  /**
   * A short run of each that is not counted: at its first start a library unpacks its natives. Who
   * fails here is not asked again.
   */
  private void unpack(List<Contestant> contestants, Work work)
      throws IOException, InterruptedException {
    for (Contestant contestant : contestants) {
      outcomes.put(contestant, new ArrayList<>());
      Outcome outcome = run(contestant, work, 0);
      if (outcome.good()) {
        present.add(contestant);
      } else {
        keep(contestant, 0, outcome);
      }
    }
  }

  private void round(int round, Work work) throws IOException, InterruptedException {
    for (Contestant contestant : present) {
      keep(contestant, round, run(contestant, work, round));
    }
  }

  private Outcome run(Contestant contestant, Work work, int round)
      throws IOException, InterruptedException {
    Path log = folder.resolve(contestant.fileName() + "-" + round + ".log");
    Outcome outcome = Trial.run(contestant, work, patience, log);
    System.out.printf(
        Locale.ROOT, "round %d: %s: %s%n", round, contestant.title(), outcome.summary());
    return outcome;
  }

  private void keep(Contestant contestant, int round, Outcome outcome) throws IOException {
    outcomes.computeIfAbsent(contestant, key -> new ArrayList<>()).add(outcome);
    rows.add(
        String.join(
            ",",
            Integer.toString(round),
            '"' + contestant.cell().layer() + '"',
            '"' + contestant.name() + '"',
            outcome.row()));
    Files.write(folder.resolve("peers.csv"), rows);
  }

  private void report(String conditions) throws IOException {
    List<String> page = new ArrayList<>(List.of(conditions, ""));
    page.addAll(ComparisonTable.of(outcomes));
    Files.write(folder.resolve("peers.md"), page);
    page.forEach(System.out::println);
  }
}
