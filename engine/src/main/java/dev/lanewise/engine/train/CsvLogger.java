package dev.lanewise.engine.train;

import dev.lanewise.engine.checkpoint.AtomicFile;
import dev.lanewise.engine.checkpoint.Storage;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes what each epoch reports as CSV; Keras's {@code CSVLogger}: a line {@code epoch,} and the
 * names in alphabetical order, then a line an epoch. After each epoch the file is replaced in one
 * step, so that whenever the process ends it holds whole lines of one run.
 */
public final class CsvLogger implements Callback {
  private final Storage storage;
  private final Path file;
  private History history = new History();

  /**
   * Creates the callback.
   *
   * @param file the file to write, replaced at the end of each epoch
   */
  public CsvLogger(Path file) {
    this(Storage.disk(), file);
  }

  CsvLogger(Storage storage, Path file) {
    this.storage = storage;
    this.file = file;
  }

  @Override
  public int batchesAhead() {
    return Integer.MAX_VALUE; // nothing to see within an epoch
  }

  /**
   * Begins.
   *
   * @throws UncheckedIOException if the file cannot be written, before an epoch has been waited for
   */
  @Override
  public void onTrainBegin(Training training) {
    history = new History();
    AtomicFile.requireReplaceable(storage, file);
  }

  @Override
  public void onResume(History earlier, List<float[]> state) {
    history = earlier.copy();
  }

  @Override
  public void onEpochEnd(int epoch, Map<String, Double> logs, EpochTimes times) {
    history.add(epoch, logs);
    AtomicFile.replace(storage, file, csv(history).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * {@return a history as such a file}
   *
   * @param history what to write, an epoch a line
   */
  public static String csv(History history) {
    StringBuilder text = new StringBuilder("epoch");
    history.history().keySet().forEach(name -> text.append(',').append(name));
    text.append('\n');
    for (int i = 0; i < history.epoch().size(); i++) {
      text.append(history.epoch().get(i));
      history.logs(i).values().forEach(value -> text.append(',').append(value));
      text.append('\n');
    }
    return text.toString();
  }
}
