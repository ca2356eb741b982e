package dev.lanewise.cli.argument;

import dev.lanewise.cli.thread.Background;
import dev.lanewise.engine.data.CsvFile;
import dev.lanewise.engine.data.DataSplits;
import dev.lanewise.engine.data.FormatException;
import dev.lanewise.engine.data.IdxFolder;
import dev.lanewise.engine.data.KerasNpz;
import dev.lanewise.engine.data.Reading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Where training and test samples come from; read in the background from the start. */
public final class TrainingData {
  /** Data sets that need no path. */
  static final List<String> NAMES = List.of("mnist", "fashion-mnist");

  public static final Path FASHION_MNIST = Path.of("/usr/share/datasets/fashion-mnist");

  private static final String THREAD = "lanewise-data";

  private final Background<DataSplits> loading;

  private TrainingData(Background<DataSplits> loading) {
    this.loading = loading;
  }

  /** Begins to read MNIST from the application's own resources. */
  public static TrainingData bundled(Reading reading) {
    // A thread a file: the common pool's would outnumber the two that have work.
    return begin(
        () -> IdxFolder.load(bundledMembers(), Background.threads(THREAD), reading).splits());
  }

  /** Begins to read what {@code --data} names. */
  static TrainingData from(List<String> names, Reading reading) {
    return begin(() -> read(names, reading));
  }

  private static DataSplits read(List<String> names, Reading reading) {
    if (names.equals(List.of("fashion-mnist"))) {
      if (!Files.isDirectory(FASHION_MNIST)) {
        throw new FormatException(
            "fashion-mnist: expected in "
                + FASHION_MNIST
                + ", where Debian's package dataset-fashion-mnist puts it; install that, or give"
                + " the folder that has it");
      }
      return IdxFolder.load(FASHION_MNIST, reading).splits();
    }
    List<Path> paths = names.stream().map(Path::of).toList();
    if (names.getFirst().toLowerCase(Locale.ROOT).endsWith(".npz")) {
      requireCount(names, 1, "one .npz file");
      return KerasNpz.read(paths.getFirst(), reading);
    }
    if (DataOptions.isTable(names.getFirst())) {
      requireCount(names, 2, "two .csv files, for training and for the test");
      return CsvFile.splits(paths.get(0), paths.get(1), reading);
    }
    if (paths.size() == 1) {
      if (Files.notExists(paths.getFirst())) {
        throw new FormatException(
            names.getFirst()
                + ": is no file or folder, nor one of the data sets "
                + String.join(", ", NAMES));
      }
      return IdxFolder.load(paths.getFirst(), reading).splits();
    }
    requireCount(names, 4, "a folder or four files");
    return IdxFolder.load(paths, reading).splits();
  }

  private static void requireCount(List<String> names, int count, String expected) {
    if (names.size() != count) {
      throw new FormatException("--data takes " + expected + ", found " + names.size() + " paths");
    }
  }

  private static TrainingData begin(Supplier<DataSplits> reading) {
    return new TrainingData(Background.begin(THREAD, reading));
  }

  /** Waits for the data; throws what reading threw. */
  public DataSplits await() {
    return loading.await();
  }

  private static IdxFolder.Member[] bundledMembers() {
    return IdxFolder.NAMES.stream()
        .map(name -> bundledMember(name + ".gz"))
        .toArray(IdxFolder.Member[]::new);
  }

  private static IdxFolder.Member bundledMember(String name) {
    URL resource = TrainingData.class.getResource("/dev/lanewise/cli/mnist/" + name);
    if (resource == null) {
      throw new FormatException("the application's own " + name + " is missing; rebuild it");
    }
    try {
      URLConnection connection = resource.openConnection();
      return new IdxFolder.Member(
          name, connection.getContentLengthLong(), connection::getInputStream);
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": " + e.getMessage(), e);
    }
  }
}
