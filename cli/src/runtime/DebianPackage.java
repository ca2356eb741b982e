import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The same folder as a package for Debian and what follows it: in {@code /opt/lanewise}, with
 * {@code lanewise} on everybody's path.
 */
final class DebianPackage {
  private static final Map<String, String> ARCHITECTURES =
      Map.of("x86_64", "amd64", "aarch64", "arm64");

  private DebianPackage() {}

  /** Returns whether this machine can make one. */
  static boolean possible() {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "dpkg-deb")));
  }

  /**
   * Moves a folder into a package.
   *
   * @param root the program with its runtime, which is gone afterwards
   * @param work an empty place on the same disk
   * @param architecture the machine's, as the kernel names it
   * @param target the folder that gets the file
   */
  static void make(Path root, Path work, String version, String architecture, Path target)
      throws IOException, InterruptedException {
    Path tree = Files.createDirectories(work.resolve("deb"));
    Path commands = Files.createDirectories(tree.resolve("usr/bin"));
    Files.createSymbolicLink(commands.resolve("lanewise"), Path.of("/opt/lanewise/bin/lanewise"));
    Files.createDirectories(tree.resolve("opt"));
    Files.move(root, tree.resolve("opt/lanewise"));
    String name = ARCHITECTURES.getOrDefault(architecture, architecture);
    Path control = Files.createDirectories(tree.resolve("DEBIAN")).resolve("control");
    Files.writeString(
        control,
        """
        Package: lanewise
        Version: %s
        Architecture: %s
        Maintainer: Lanewise <team@lanewise.invalid>
        Section: science
        Priority: optional
        Depends: libc6
        Installed-Size: %d
        Description: recurrent networks, trained and served
         Trains SimpleRNN, LSTM, GRU and what goes with them, reads and writes the
         files of Keras 3. Has the Java that it runs on in it.
        """
            .formatted(version, name, bytes(tree) / 1024));
    Path file = target.resolve("lanewise_" + version + "_" + name + ".deb");
    MakeRuntime.run(
        Map.of("SOURCE_DATE_EPOCH", Long.toString(MakeRuntime.TIME.getEpochSecond())),
        "dpkg-deb",
        "--root-owner-group",
        "-Zxz",
        "--build",
        tree.toString(),
        file.toString());
    System.out.println(file + ": " + Files.size(file) + " bytes");
  }

  private static long bytes(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !Files.isSymbolicLink(file))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }
}
