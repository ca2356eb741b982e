package dev.lanewise.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Fuzzes target after target, measures what their corpora cover, and leaves a table. With planted
 * faults it is the fuzzing itself that is tried: each has to be found.
 */
final class Campaign {
  private static final String PLANTED = "the planted fault";

  private Campaign() {}

  /**
   * Runs from the repository's root.
   *
   * @param args minutes a target; names of targets, separated by commas, or {@code all}; the seed;
   *     whether faults are planted; the folder for corpora, logs and {@code fuzz.md}
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    int seconds = (int) Math.round(Double.parseDouble(args[0]) * 60);
    List<Target> targets = Target.named(args[1]);
    long seed = Long.parseLong(args[2]);
    boolean planted = Boolean.parseBoolean(args[3]);
    Path folder = Files.createDirectories(Path.of(args[4]));
    FuzzRun fuzz = new FuzzRun(folder, seconds, seed, planted);
    List<String> page = new ArrayList<>();
    page.add(
        String.format(
            Locale.ROOT,
            "%s; %s; %d s a target, seed %d%s.",
            LocalDate.now(ZoneOffset.UTC),
            "JDK " + Runtime.version(),
            seconds,
            seed,
            planted ? ", with planted faults" : ""));
    page.add("");
    page.add(
        planted
            ? "| target | inputs until the planted fault | seconds |\n|---|---|---|"
            : "| target | inputs | per second | branches | found |\n|---|---|---|---|---|");
    List<FuzzRun.Result> results = new ArrayList<>();
    int wrong = 0;
    for (Target target : targets) {
      FuzzRun.Result result = fuzz.of(target);
      results.add(result);
      System.out.println(planted ? planted(result) : row(result, "..."));
      wrong += planted == result.fault().contains(PLANTED) ? 0 : 1;
      wrong += planted || result.fault().isEmpty() ? 0 : 1;
      if (!planted && result.fault().isEmpty()) {
        Coverage.replay(target, fuzz.corpus(target), folder);
      }
    }
    for (FuzzRun.Result result : results) {
      page.add(planted ? planted(result) : row(result, branches(result, folder)));
    }
    page.forEach(System.out::println);
    Files.write(folder.resolve(planted ? "planted.md" : "fuzz.md"), page);
    if (wrong > 0) {
      System.err.println(
          planted
              ? wrong + " planted faults were not found"
              : wrong + " targets broke a promise; the inputs are in " + folder.resolve("found"));
      System.exit(1);
    }
  }

  private static String planted(FuzzRun.Result result) {
    boolean found = result.fault().contains(PLANTED);
    return String.format(
        Locale.ROOT,
        "| %s | %s%,d | %.0f |",
        result.target(),
        found ? "" : "not in ",
        result.inputs(),
        result.seconds());
  }

  private static String row(FuzzRun.Result result, String branches) {
    return String.format(
        Locale.ROOT,
        "| %s | %,d | %,.0f | %s | %s |",
        result.target(),
        result.inputs(),
        result.inputs() / result.seconds(),
        branches,
        result.fault().isEmpty() ? "nothing" + pauses(result) : result.fault());
  }

  private static String pauses(FuzzRun.Result result) {
    return result.pauses() == 0 ? "" : " (the machine stood still: " + result.pauses() + ")";
  }

  /** Leaves the lines with branches that no corpus takes in a file, too. */
  private static String branches(FuzzRun.Result result, Path folder) throws IOException {
    Coverage coverage = Coverage.of(result.target(), folder);
    Files.writeString(
        folder.resolve(result.target() + ".missed"), coverage.missed().replace(' ', '\n') + "\n");
    return String.format(
        Locale.ROOT,
        "%d of %d (%.1f %%)",
        coverage.taken(),
        coverage.all(),
        100.0 * coverage.taken() / coverage.all());
  }
}
