package dev.lanewise.fuzz;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Gives a target every file of some folders, without a fuzzer: what they cover is then measured.
 */
final class Replay {
  private Replay() {}

  /**
   * Runs.
   *
   * @param args the target's class, then folders
   */
  public static void main(String[] args) throws Throwable {
    MethodHandle target =
        MethodHandles.lookup()
            .findStatic(
                Class.forName(args[0]),
                "fuzzerTestOneInput",
                MethodType.methodType(void.class, byte[].class));
    for (String folder : List.of(args).subList(1, args.length)) {
      for (Path file : files(Path.of(folder))) {
        target.invokeExact(Files.readAllBytes(file));
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
