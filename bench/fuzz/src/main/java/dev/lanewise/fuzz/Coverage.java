package dev.lanewise.fuzz;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.IClassCoverage;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.analysis.ILine;
import org.jacoco.core.analysis.IMethodCoverage;
import org.jacoco.core.tools.ExecFileLoader;

/**
 * The branches of a parser's classes that corpora take, in processes with JaCoCo's agent. Classes
 * that several targets are about are covered by all their corpora together. Methods that are given
 * a path open the file and hand its bytes on: no target comes by them, and they do not count.
 *
 * @param taken branches
 * @param all branches
 * @param missed lines with a branch that no file takes, as {@code Class:line}
 */
record Coverage(int taken, int all, String missed) {
  private static final String PATH = "Ljava/nio/file/Path;";

  /** Replays the committed seeds of a target and what has grown from them, and notes the way. */
  static void replay(Target target, Path corpus, Path folder)
      throws IOException, InterruptedException {
    Path data = data(target, folder);
    Files.deleteIfExists(data);
    Process replay =
        new ProcessBuilder(
                FuzzRun.java(
                    "-javaagent:" + agent() + "=destfile=" + data + ",includes=dev.lanewise.*",
                    Replay.class.getName(),
                    target.className(),
                    target.seeds().toString(),
                    corpus.toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(target.label() + ".replay.log").toFile())
            .start();
    int status = replay.waitFor();
    if (status != 0) {
      throw new IOException(target + ": the replay ended with " + status);
    }
  }

  /** Measures what has been replayed, in this run or in earlier ones. */
  static Coverage of(Target target, Path folder) throws IOException {
    ExecFileLoader loader = new ExecFileLoader();
    for (Target each : target.ofTheSame()) {
      Path data = data(each, folder);
      if (Files.exists(data)) {
        loader.load(data.toFile());
      }
    }
    CoverageBuilder builder = new CoverageBuilder();
    Analyzer analyzer = new Analyzer(loader.getExecutionDataStore(), builder);
    for (Path classes : target.classes()) {
      try (InputStream in = Files.newInputStream(classes)) {
        analyzer.analyzeClass(in, classes.toString());
      }
    }
    int taken = 0;
    int all = 0;
    StringBuilder missed = new StringBuilder();
    for (IClassCoverage each : builder.getClasses()) {
      for (IMethodCoverage method : each.getMethods()) {
        if (!method.getDesc().contains(PATH)) {
          taken += method.getBranchCounter().getCoveredCount();
          all += method.getBranchCounter().getTotalCount();
          lines(each.getName(), method, missed);
        }
      }
    }
    return new Coverage(taken, all, missed.toString());
  }

  private static Path data(Target target, Path folder) {
    return folder.resolve(target.label() + ".exec");
  }

  private static void lines(String of, IMethodCoverage method, StringBuilder missed) {
    int last = method.getLastLine();
    for (int line = method.getFirstLine(); line >= 0 && line <= last; line++) {
      ILine branches = method.getLine(line);
      ICounter counter = branches.getBranchCounter();
      if (counter.getMissedCount() > 0) {
        String name = of.substring(of.lastIndexOf('/') + 1);
        missed.append(missed.isEmpty() ? "" : " ").append(name).append(':').append(line);
      }
    }
  }

  private static String agent() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(jar -> jar.contains("org.jacoco.agent"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("JaCoCo's agent is not on the class path"));
  }
}
