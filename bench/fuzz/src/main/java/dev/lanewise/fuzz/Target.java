package dev.lanewise.fuzz;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What is fuzzed: a class with {@code fuzzerTestOneInput} among a module's tests, and its corpus.
 */
enum Target {
  IDX("engine", "data.IdxTarget", 4096, "data/IdxFile"),
  IDX_GZIP("engine", "data.IdxGzipTarget", 4096, "data/IdxFile"),
  NPY("engine", "data.NpyTarget", 4096, "data/Npy"),
  CSV("engine", "data.CsvTarget", 4096, "data/CsvReader", "data/CsvTable", "data/CsvHeader"),
  ZIP(
      "engine",
      "archive.ZipTarget",
      4096,
      "archive/ZipArchive",
      "archive/ZipDirectory",
      "archive/ZipBytes"),
  NPZ("engine", "data.NpzTarget", 4096, "data/KerasNpz"),
  NPZ_ARRAYS("engine", "data.NpzArraysTarget", 4096, "data/KerasNpz"),
  SEALED("engine", "checkpoint.SealedTarget", 4096, "checkpoint/Sealed"),
  CHECKPOINT("engine", "train.CheckpointTarget", 4096, "train/CheckpointFormat"),
  CONFIG("engine", "keras.ConfigTarget", 16_384, "keras/*Config", "keras/StrictJson"),
  KERAS("engine", "keras.ArchiveTarget", 8192, "keras/ModelReader"),
  TEXT(
      "engine",
      "keras.TextTarget",
      8192,
      "keras/TextFront",
      "keras/TextConfig",
      "keras/ModelReader"),
  WEIGHTS(
      "engine",
      "keras.WeightsTarget",
      16_384,
      "keras/Hdf5",
      "keras/WeightsReader",
      "keras/ModelReader"),
  LEGACY(
      "engine",
      "keras.LegacyTarget",
      32_768,
      "keras/Hdf5",
      "keras/LegacyReader",
      "keras/ModelReader"),
  PNG("cli", "image.PngTarget", 4096, "image/PngParts", "image/PictureFile", "image/GreyLevels"),
  GIF("cli", "image.GifTarget", 4096, "image/GifParts", "image/PictureFile"),
  BMP("cli", "image.BmpTarget", 4096, "image/BmpParts", "image/PictureFile"),
  JPEG("cli", "image.JpegTarget", 4096, "image/JpegParts", "image/PictureFile", "image/Exif"),
  EXIF("cli", "image.ExifTarget", 1024, "image/Exif"),
  HISTORY("cli", "run.HistoryTarget", 4096, "run/HistoryFiles"),
  OPTIONS("cli", "argument.OptionsTarget", 4096, "argument/ArgumentFiles");

  private final String module;
  private final String className;
  private final int mostBytes;
  private final String parser;

  Target(String module, String className, int mostBytes, String... parser) {
    this.module = module;
    this.className = className;
    this.mostBytes = mostBytes;
    this.parser = String.join("|", parser).replace("*", "[A-Za-z]*");
  }

  /** Returns the targets of these names, separated by commas, or {@code all}. */
  static List<Target> named(String names) {
    return names.equals("all")
        ? List.of(values())
        : Arrays.stream(names.split(",")).map(Target::one).toList();
  }

  private static Target one(String name) {
    return Arrays.stream(values())
        .filter(target -> target.label().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "targets: " + name + " is none of " + Arrays.toString(values())));
  }

  /** Returns the name of its corpus. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String toString() {
    return label();
  }

  /** Returns the class that a fuzzer calls. */
  String className() {
    return "dev.lanewise." + module + "." + className;
  }

  /** Returns the longest input that is made, in bytes: a multiple of what its seeds have. */
  int mostBytes() {
    return mostBytes;
  }

  /** Returns the kind of Keras's own files that are inputs of it, too; empty if none are. */
  String golden() {
    return switch (this) {
      case CONFIG -> Golden.CONFIG;
      case KERAS -> ".keras";
      case WEIGHTS, LEGACY -> ".h5";
      case NPY -> ".npy";
      default -> "";
    };
  }

  /** Returns the committed corpus, from the repository's root. */
  Path seeds() {
    return Path.of(module, "src/test/resources/fuzz", label());
  }

  /** Returns the words of its format for the fuzzer to put in, from the root; not all have any. */
  Path words() {
    return Path.of("bench/fuzz/src/main/dictionaries", label() + ".dict");
  }

  /** Returns the class files of the parser that this is about, inner classes with it. */
  List<Path> classes() throws IOException {
    Path root = Path.of(module, "target/classes/dev/lanewise", module);
    String any = "(" + parser + ")([$].*)?[.]class";
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> slashed(root.relativize(file)).matches(any)).toList();
    }
  }

  /** Returns the targets that are about a class that this is about, this one with them. */
  List<Target> ofTheSame() throws IOException {
    List<Target> all = new ArrayList<>();
    for (Target each : values()) {
      if (!Collections.disjoint(each.classes(), classes())) {
        all.add(each);
      }
    }
    return all;
  }

  private static String slashed(Path path) {
    return path.toString().replace(File.separatorChar, '/');
  }
}
