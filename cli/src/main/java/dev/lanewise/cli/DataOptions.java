package dev.lanewise.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Which samples a command works on. */
final class DataOptions {
  @Option(
      names = "--data",
      paramLabel = "DATA",
      arity = "1..4",
      split = ",",
      description =
          "mnist (bundled, the default); fashion-mnist, where Debian's package of it is installed;"
              + " a folder with the four files of MNIST's names, raw or gzipped; the four files:"
              + " training images, labels, test images, labels; an .npz as Keras's mnist.npz; two"
              + " .csv files, training and test, with a label column")
  List<String> data = new ArrayList<>();

  /** Refuses numbers of paths that no kind of data has. */
  void check(CommandLine command) {
    int count = data.size();
    boolean tables = count == 2 && data.stream().allMatch(name -> name.endsWith(".csv"));
    OptionRange.require(
        command,
        count <= 1 || count == 4 || tables,
        "--data takes a name, a folder, an .npz, two .csv files or four files, found "
            + count
            + " paths");
  }

  /** Begins to read, in the background. */
  TrainingData begin() {
    if (data.isEmpty() || data.equals(List.of("mnist"))) {
      return TrainingData.bundled();
    }
    return TrainingData.from(data);
  }

  /** Returns the paths that were given, or the name of the data set. */
  String described() {
    return data.isEmpty() ? "mnist" : String.join(",", data);
  }

  /** Returns what names the same data from every folder. */
  static String settled(String data) {
    return TrainingData.NAMES.contains(data) ? data : Path.of(data).toAbsolutePath().toString();
  }

  static List<Path> paths(List<String> names) {
    return names.stream().map(Path::of).toList();
  }
}
