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
import org.jacoco.core.tools.ExecFileLoader;

/**
 * The branches of a parser's classes that a corpus takes, in a process with JaCoCo's agent.
 *
 * @param taken branches
 * @param all branches
 * @param missed lines with a branch that no file takes, as {@code Class:line}
 */
record Coverage(int taken, int all, String missed) {
  /** Measures the committed seeds and what has grown from them. */
  static Coverage of(Target target, Path corpus, Path folder)
      throws IOException, InterruptedException {
    Path data = folder.resolve(target.label() + ".exec");
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
    ExecFileLoader loader = new ExecFileLoader();
    loader.load(data.toFile());
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
      taken += each.getBranchCounter().getCoveredCount();
      all += each.getBranchCounter().getTotalCount();
      lines(each, missed);
    }
    return new Coverage(taken, all, missed.toString());
  }

  private static void lines(IClassCoverage of, StringBuilder missed) {
    for (int line = of.getFirstLine(); line >= 0 && line <= of.getLastLine(); line++) {
      ILine branches = of.getLine(line);
      ICounter counter = branches.getBranchCounter();
      if (counter.getMissedCount() > 0) {
        String name = of.getName().substring(of.getName().lastIndexOf('/') + 1);
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
