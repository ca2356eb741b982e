package dev.lanewise.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The archive of {@code mvn -P runtime}, unpacked where nothing says that there is a Java. */
@EnabledIfSystemProperty(
    named = "lanewise.test.runtime",
    matches = ".+",
    disabledReason = "only mvn -P runtime makes the archive")
class RuntimeArchiveIT {
  private static final long MOST_BYTES = 60_000_000;

  @TempDir private Path folder;

  private Path unpacked() throws IOException, InterruptedException {
    String named = System.getProperty("lanewise.test.runtime").replace("amd64", "x86_64");
    Path archive = Path.of(named);
    assertThat(Files.size(archive)).isLessThan(MOST_BYTES);
    run(folder, List.of("tar", "-xf", archive.toString()));
    try (Stream<Path> roots = Files.list(folder)) {
      return roots.filter(Files::isDirectory).findAny().orElseThrow();
    }
  }

  /** Returns what a command prints, errors first. */
  private String run(Path where, List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(where.toFile());
    builder.environment().clear(); // no PATH, no HOME, no JAVA_HOME
    Path errors = folder.resolve("errors");
    Path output = folder.resolve("output");
    Process process =
        builder.redirectError(errors.toFile()).redirectOutput(output.toFile()).start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(command.toString()).isTrue();
    String said = Files.readString(errors) + Files.readString(output);
    assertThat(process.exitValue()).as(command + "\n" + said).isZero();
    return said;
  }

  @Test
  void theArchiveTrainsAndAnswersWithoutAnyOtherJava() throws IOException, InterruptedException {
    Path root = unpacked();
    Path elsewhere = Files.createDirectory(folder.resolve("an empty place"));
    Path link = Files.createSymbolicLink(folder.resolve("lw"), root.resolve("bin/lanewise"));
    List<String> program = List.of(link.toString());

    String trained = run(elsewhere, with(program, "train --epochs 1 --limit 3000 --out run"));
    assertThat(trained).containsPattern("test accuracy: 0\\.[3-9]").contains("SIMD kernels");
    assertThat(trained.lines().filter(line -> line.contains("incubator"))).hasSizeLessThan(2);
    assertThat(elsewhere.resolve("run/curves.png")).exists();
    assertThat(elsewhere.resolve("run/report.html")).exists();

    assertThat(run(elsewhere, with(program, "predict run/model.keras run/curves.png")))
        .containsPattern("run/curves.png: \\d  \\(");
    // Whatever else is missing, no part of the JDK is.
    assertThat(run(elsewhere, with(program, "doctor"))).doesNotContain("java/").contains("cuda");
  }

  /** Taken apart by Debian's own tool: the link leads to a launcher that finds what it needs. */
  @Test
  void theDebianPackageHasTheSame() throws IOException, InterruptedException {
    Path tool = Path.of("/usr/bin/dpkg-deb");
    assumeTrue(Files.isExecutable(tool), "dpkg-deb made no package");
    Path built = Path.of(System.getProperty("lanewise.test.runtime")).getParent();
    Path deb;
    try (Stream<Path> files = Files.list(built)) {
      deb = files.filter(file -> file.toString().endsWith(".deb")).findAny().orElseThrow();
    }
    Process unpacking =
        new ProcessBuilder(tool.toString(), "--extract", deb.toString(), folder.toString()).start();
    assertThat(unpacking.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(unpacking.exitValue()).isZero();
    Path link = Files.readSymbolicLink(folder.resolve("usr/bin/lanewise"));
    Path launcher = folder.resolve(Path.of("/").relativize(link));
    assertThat(run(folder, List.of(launcher.toString(), "--version")))
        .containsPattern("(?m)^\\d+[.]\\d+");
  }

  private static List<String> with(List<String> program, String arguments) {
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of(arguments.split(" ")));
    return command;
  }
}
