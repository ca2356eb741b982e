import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * Checks or rewrites every Java file below the working directory with google-java-format.
 *
 * <p>Run from the root by {@code mvn verify} (check) and {@code mvn -N verify -Dformat=fix}. A
 * program of its own, because the formatter needs JDK 25 and Maven may run on an older one.
 */
final class Format {

  private Format() {}

  public static void main(String[] args) throws IOException {
    String mode = args.length == 1 ? args[0] : "";
    if (!mode.equals("check") && !mode.equals("fix")) {
      System.err.println("format: expected check or fix, found: " + String.join(" ", args));
      System.exit(2);
    }
    List<String> command = new ArrayList<>();
    if (mode.equals("check")) {
      command.add("--dry-run");
      command.add("--set-exit-if-changed");
    } else {
      command.add("--replace");
    }
    List<String> files = javaFiles(Path.of(""));
    command.addAll(files);

    ToolProvider formatter = ToolProvider.findFirst("google-java-format").orElseThrow();
    // The list of files goes to stderr: a quiet Maven drops what its children print on stdout.
    int status = formatter.run(System.err, System.err, command.toArray(String[]::new));
    if (status != 0 && mode.equals("check")) {
      System.err.println(
          "format: the files above are not formatted as google-java-format wants;"
              + " run: mvn -N verify -Dformat=fix");
    }
    System.exit(status == 0 ? 0 : 1);
  }

  /** Build outputs and hidden folders are left out; everything else is ours to keep in order. */
  private static List<String> javaFiles(Path root) throws IOException {
    List<String> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            return name.equals("target") || name.startsWith(".")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              files.add(file.toString());
            }
            return FileVisitResult.CONTINUE;
          }
        });
    Collections.sort(files);
    return files;
  }
}
