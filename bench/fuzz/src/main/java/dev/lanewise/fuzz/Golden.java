package dev.lanewise.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The files that Keras wrote for the engine's tests: no need to commit them a second time. */
final class Golden {
  /** Of {@code .keras} files the model's configuration alone. */
  static final String CONFIG = "config.json";

  private static final Path RESOURCES = Path.of("engine/src/test/resources");

  private Golden() {}

  /** Puts those that a target reads, and that are short enough for it, into a corpus. */
  static void copy(Target target, Path corpus) throws IOException {
    String kind = target.golden();
    if (kind.isEmpty()) {
      return;
    }
    for (Path file : files(kind.equals(CONFIG) ? ".keras" : kind)) {
      byte[] content = kind.equals(CONFIG) ? config(file) : Files.readAllBytes(file);
      if (content.length <= target.mostBytes()) {
        String name = RESOURCES.relativize(file).toString().replaceAll("[^A-Za-z0-9.]", "_");
        Files.write(corpus.resolve(name), content);
      }
    }
  }

  private static List<Path> files(String ending) throws IOException {
    try (Stream<Path> all = Files.walk(RESOURCES)) {
      return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  private static byte[] config(Path archive) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      ZipEntry entry = zip.getEntry(CONFIG);
      return entry == null ? new byte[0] : zip.getInputStream(entry).readAllBytes();
    }
  }
}
