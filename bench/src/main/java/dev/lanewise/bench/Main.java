package dev.lanewise.bench;

import dev.lanewise.bench.longrange.LongRange;
import dev.lanewise.bench.sweep.Sweep;
import java.io.IOException;
import java.util.Arrays;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * JMH's own command line with the JVM arguments every benchmark here needs, so that no benchmark
 * has to repeat them and {@code java -jar bench.jar} works without flags; {@code sweep FOLDER},
 * which times a step in many sizes; and {@code longrange}, which trains on long sequences.
 *
 * <p>The JVM arguments are prepended: a benchmark's or the command line's own come later and win.
 */
public final class Main {
  private static final String BACKEND = "backend";

  private Main() {}

  /**
   * Runs the benchmarks that match, or lists or explains as JMH's options ask.
   *
   * @param args JMH's command line, {@code -h} explains it; or {@code sweep} and where to write; or
   *     {@code longrange} and what to train
   * @throws Exception if the options do not parse or a benchmark fails
   */
  public static void main(String[] args) throws Exception {
    try {
      if (args.length > 0 && args[0].equals("sweep")) {
        Sweep.main(Arrays.copyOfRange(args, 1, args.length));
      } else if (args.length > 0 && args[0].equals("longrange")) {
        LongRange.main(Arrays.copyOfRange(args, 1, args.length));
      } else {
        run(new CommandLineOptions(args));
      }
    } catch (CommandLineOptionException | RunnerException | IllegalArgumentException e) {
      System.err.println("bench: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void run(CommandLineOptions options) throws IOException, RunnerException {
    if (options.shouldHelp()) {
      options.showHelp();
      return;
    }
    ChainedOptionsBuilder builder =
        new OptionsBuilder()
            .parent(options)
            .jvmArgsPrepend(
                "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED");
    if (options.shouldList()) {
      new Runner(builder.build()).list();
    } else if (options.shouldListWithParams()) {
      new Runner(builder.build()).listWithParams(options);
    } else if (options.shouldListProfilers()) {
      options.listProfilers();
    } else if (options.shouldListResultFormats()) {
      options.listResultFormats();
    } else {
      if (options.getParameter("threads").hasValue()) {
        throw new IllegalArgumentException("-p threads=N is -p backend=cpu:N: no GPU has threads");
      }
      if (!options.getParameter(BACKEND).hasValue()) {
        builder.param(BACKEND, Machines.available().toArray(String[]::new));
      }
      PeakShares.print(new Runner(builder.build()).run());
    }
  }
}
