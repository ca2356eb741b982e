package dev.lanewise.bench;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * JMH's own command line with the JVM arguments every benchmark here needs, so that no benchmark
 * has to repeat them and {@code java -jar bench.jar} works without flags.
 *
 * <p>They are prepended: a benchmark's or the command line's own arguments come later and win.
 */
public final class Main {

  private Main() {}

  /**
   * Runs the benchmarks that match, or lists or explains as JMH's options ask.
   *
   * @param args JMH's command line; {@code -h} explains it
   * @throws Exception if the options do not parse or a benchmark fails
   */
  public static void main(String[] args) throws Exception {
    try {
      run(new CommandLineOptions(args));
    } catch (CommandLineOptionException | RunnerException e) {
      System.err.println("bench: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void run(CommandLineOptions options) throws Exception {
    if (options.shouldHelp()) {
      options.showHelp();
      return;
    }
    Runner runner =
        new Runner(
            new OptionsBuilder()
                .parent(options)
                .jvmArgsPrepend(
                    "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED")
                .build());
    if (options.shouldList()) {
      runner.list();
    } else if (options.shouldListWithParams()) {
      runner.listWithParams(options);
    } else if (options.shouldListProfilers()) {
      options.listProfilers();
    } else if (options.shouldListResultFormats()) {
      options.listResultFormats();
    } else {
      runner.run();
    }
  }
}
