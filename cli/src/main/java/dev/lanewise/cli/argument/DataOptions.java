package dev.lanewise.cli.argument;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.DataSplits;
import dev.lanewise.engine.data.KerasNpz;
import dev.lanewise.engine.data.Reading;
import dev.lanewise.engine.data.Scaling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.UnmatchedArgumentException;

/** Which samples a command works on. */
public final class DataOptions {
  @Option(
      names = "--data",
      paramLabel = "DATA",
      arity = "1..4",
      description =
          "mnist (bundled, the default); fashion-mnist, where Debian's package of it is installed;"
              + " a folder with the four files of MNIST's names, raw or gzipped; the four files:"
              + " training images, labels, test images, labels; an .npz as Keras's mnist.npz; two"
              + " .csv files, training and test, with a label column; several paths with commas"
              + " between them")
  public List<String> data = new ArrayList<>();

  @Option(
      names = "--scaling",
      paramLabel = "HOW",
      description =
          "pixels divides features by 255, none takes them as they are (pixels where all are whole"
              + " numbers from 0 to 255 and one is above 1)")
  public @Nullable Scaling scaling;

  /** Refuses numbers of paths that no kind of data has. */
  public void check(CommandLine command) {
    List<String> names = names(data);
    for (String name :
        names) { // several paths may follow, and an option that is none is taken for one
      if (name.startsWith("--") && !Files.exists(Path.of(name))) {
        throw new UnmatchedArgumentException(command, List.of(name));
      }
    }
    boolean tables = names.size() == 2 && names.stream().allMatch(DataOptions::isTable);
    OptionRange.require(
        command,
        names.size() <= 1 || names.size() == 4 || tables,
        "--data takes a name, a folder, an .npz, two .csv files or four files, found "
            + names.size()
            + " paths");
  }

  /** A file whose arrays tell the number of steps that a model leaves open. */
  private static boolean isArchive(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(".npz");
  }

  static boolean isTable(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(".csv");
  }

  /** Begins to read, in the background. */
  public TrainingData begin() {
    return begin(0);
  }

  /** Begins to read, in the background, what a model is to be trained on or judged by. */
  public TrainingData begin(ModelSpec described) {
    List<String> names = names(data);
    boolean tells =
        described.graph().anySteps() && names.size() == 1 && isArchive(names.getFirst());
    ModelSpec model =
        tells ? described.forInputs(KerasNpz.inputs(Path.of(names.getFirst()))) : described;
    List<Reading.Target> targets =
        IntStream.range(0, model.outputs().size())
            .mapToObj(
                output ->
                    new Reading.Target(
                        model.shapeOf(output).size(-1),
                        model.targetLabels(output),
                        model.targetNumbers(output)))
            .toList();
    return begin(new Reading(wanted(scaling, model), targets));
  }

  /**
   * Begins to read, in the background.
   *
   * @param classes how many there are at least
   */
  public TrainingData begin(int classes) {
    return begin(new Reading(wanted(), classes));
  }

  /** Returns what the numbers of a model's data mean: the ids of tokens are never pixels. */
  public static Scaling wanted(@Nullable Scaling given, ModelSpec model) {
    if (given == null) {
      return model.takesIds() ? Scaling.NONE : Scaling.AUTO;
    }
    return given;
  }

  private Scaling wanted() {
    return scaling == null ? Scaling.AUTO : scaling;
  }

  private TrainingData begin(Reading reading) {
    List<String> names = names(data);
    return names.isEmpty() || names.equals(List.of("mnist"))
        ? TrainingData.bundled(reading)
        : TrainingData.from(names, reading);
  }

  /** Tells what the files left open. */
  public static void tell(DataSplits splits) {
    if (!splits.inferred().isEmpty()) {
      System.err.println("data: " + splits.inferred());
    }
  }

  /**
   * Returns what names the same data from every folder.
   *
   * @param given as on the command line
   */
  public static String settled(Collection<?> given) {
    return names(given.stream().map(String::valueOf).toList()).stream()
        .map(
            name ->
                TrainingData.NAMES.contains(name)
                    ? name
                    : Path.of(name).toAbsolutePath().toString())
        .collect(Collectors.joining(","));
  }

  /** Returns the names that are given, with commas between them. A path may have its own. */
  private static List<String> names(List<String> given) {
    List<String> names = new ArrayList<>();
    for (String several : given) {
      List<String> parts = Arrays.asList(several.split(",", -1));
      int from = 0;
      while (from < parts.size()) {
        int to = parts.size();
        while (to > from + 1 && !Files.exists(Path.of(String.join(",", parts.subList(from, to))))) {
          to--;
        }
        names.add(String.join(",", parts.subList(from, to)));
        from = to;
      }
    }
    return names;
  }
}
