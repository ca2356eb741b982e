package dev.lanewise.engine.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the four files of MNIST lie in a folder, under the names that unpackers give them. */
final class IdxNames {
  private IdxNames() {}

  /**
   * Returns the four files in the order of {@link IdxFolder#NAMES}.
   *
   * @throws FormatException if one is missing
   */
  static List<Path> in(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new FormatException(
          folder
              + ": expected a folder with "
              + String.join(", ", IdxFolder.NAMES)
              + " (raw or .gz), found "
              + (Files.exists(folder) ? "a file" : "nothing"));
    }
    return IdxFolder.NAMES.stream().map(name -> required(folder, name)).toList();
  }

  private static Path required(Path folder, String name) {
    Path file = find(folder, name);
    if (file == null) {
      throw new FormatException(
          folder
              + ": no "
              + name
              + " or "
              + dotted(name)
              + ", raw or .gz; looked for "
              + String.join(", ", IdxFolder.NAMES)
              + "; under other names give the four files, with commas between them");
    }
    return file;
  }

  private static @Nullable Path find(Path folder, String name) {
    for (String candidate : List.of(name, name + ".gz", dotted(name), dotted(name) + ".gz")) {
      Path file = folder.resolve(candidate);
      if (Files.isDirectory(file)) { // as Kaggle packs them
        file = find(file, name);
      }
      if (file != null && Files.exists(file)) {
        return file;
      }
    }
    return null;
  }

  private static String dotted(String name) {
    return name.replace("-idx", ".idx");
  }
}
