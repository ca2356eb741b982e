package dev.lanewise.cli;

import dev.lanewise.engine.data.FormatException;
import dev.lanewise.engine.data.IdxFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Where training and test samples come from; read in the background from the start. */
final class TrainingData {
  private final CompletableFuture<IdxFolder> loading;

  private TrainingData(CompletableFuture<IdxFolder> loading) {
    this.loading = loading;
  }

  /** Begins to read MNIST from the application's own resources. */
  static TrainingData bundled() {
    return begin(() -> IdxFolder.load(bundledMembers(), TrainingData::onThread));
  }

  /** Begins to read a folder, if there is one path, or four files. */
  static TrainingData from(List<Path> paths) {
    return begin(() -> paths.size() == 1 ? IdxFolder.load(paths.get(0)) : IdxFolder.load(paths));
  }

  private static TrainingData begin(Supplier<IdxFolder> reading) {
    return new TrainingData(CompletableFuture.supplyAsync(reading, TrainingData::onThread));
  }

  /** A thread a task: the common pool's threads would outnumber the two that have work. */
  private static void onThread(Runnable task) {
    Thread.ofPlatform().daemon().name("lanewise-data").start(task);
  }

  /** Waits for the data; throws what reading threw. */
  IdxFolder await() {
    try {
      return loading.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }

  private static IdxFolder.Member[] bundledMembers() {
    return IdxFolder.NAMES.stream()
        .map(name -> bundledMember(name + ".gz"))
        .toArray(IdxFolder.Member[]::new);
  }

  private static IdxFolder.Member bundledMember(String name) {
    URL resource = TrainingData.class.getResource("mnist/" + name);
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
