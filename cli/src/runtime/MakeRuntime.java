import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes the archive that needs no Java: the program, a launcher, and those modules of the JDK that
 * runs this which the program needs.
 *
 * <p>{@code java MakeRuntime.java CLI_JAR VERSION TARGET}, with tar and xz on PATH; leaves {@code
 * TARGET/lanewise-VERSION-linux-ARCH.tar.xz} and, where dpkg-deb is on PATH, too, {@code
 * TARGET/lanewise_VERSION_ARCH.deb}.
 */
final class MakeRuntime {
  /**
   * What {@code jdeps --print-module-deps} finds in cli.jar, with java.logging in place of
   * java.sql: Gson does without SQL's types, JCuda not without a logger. And the module of
   * sun.misc.Unsafe, by which Gson makes objects.
   */
  private static final String MODULES =
      "java.base,java.desktop,java.logging,jdk.incubator.vector,jdk.jfr,jdk.management,"
          + "jdk.unsupported";

  /** File times in what is made: the same bytes from the same files. */
  static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

  private MakeRuntime() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    if (!System.getProperty("os.name").equals("Linux")) {
      throw new IllegalStateException(
          "the archive is made on Linux, with its JDK's modules; this is "
              + System.getProperty("os.name"));
    }
    Path jar = Path.of(args[0]);
    Path target = Path.of(args[2]);
    String name = "lanewise-" + args[1];
    Path work = target.resolve("runtime");
    delete(work);
    Path root = Files.createDirectories(work.resolve(name));
    link(root.resolve("runtime"));
    Files.createDirectories(root.resolve("lib"));
    Files.copy(jar, root.resolve("lib/cli.jar"));
    Files.createDirectories(root.resolve("bin"));
    Path launcher = root.resolve("bin/lanewise");
    Files.copy(Path.of("src/runtime/lanewise"), launcher);
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String text : List.of("LICENSE", "NOTICE")) {
      Files.copy(Path.of("..", text), root.resolve(text));
    }
    pack(work, name, target.resolve(name + "-linux-" + architecture() + ".tar.xz"));
    if (DebianPackage.possible()) {
      DebianPackage.make(root, work, args[1], architecture(), target);
    }
    delete(work);
  }

  private static String architecture() {
    String found = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return found.equals("amd64") ? "x86_64" : found;
  }

  /** Stored: xz makes less of the whole than jlink of each class, and it starts sooner. */
  private static void link(Path image) throws IOException, InterruptedException {
    run(
        Path.of(System.getProperty("java.home"), "bin", "jlink").toString(),
        "--add-modules",
        MODULES,
        "--strip-java-debug-attributes",
        "--no-header-files",
        "--no-man-pages",
        "--compress",
        "zip-0",
        "--generate-cds-archive",
        "--output",
        image.toString());
  }

  private static void pack(Path from, String name, Path archive)
      throws IOException, InterruptedException {
    Path plain = archive.resolveSibling(name + ".tar");
    List<String> tar = new ArrayList<>(List.of("tar", "-C", from.toString(), "--sort=name"));
    tar.addAll(
        List.of("--mtime=" + TIME, "--owner=0", "--group=0", "--numeric-owner", "--mode=u+w,go-w"));
    tar.addAll(List.of("-cf", plain.toString(), name));
    run(tar.toArray(String[]::new));
    run("xz", "--force", "-6", "-T2", plain.toString());
    Files.move(
        plain.resolveSibling(name + ".tar.xz"), archive, StandardCopyOption.REPLACE_EXISTING);
    System.out.println(archive + ": " + Files.size(archive) + " bytes");
  }

  private static void run(String... command) throws IOException, InterruptedException {
    run(Map.of(), command);
  }

  static void run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().putAll(environment);
    int code = builder.start().waitFor();
    if (code != 0) {
      throw new IllegalStateException(String.join(" ", command) + ": ended with " + code);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
