package dev.lanewise.cli.argument;

import dev.lanewise.cli.Lanewise;
import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.FuzzTarget;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Files of options: properties where the first byte is a {@code #}, as for {@code --config}, and
 * else arguments, as for {@code @FILE}. Both are given to {@code train}, which parses them.
 */
public final class OptionsTarget {
  private static final CommandLine ROOT = Lanewise.commandLine("train");

  /** The command's options anew for each, and every word as a message. */
  public static final FuzzTarget<List<String>> TARGET =
      new FuzzTarget<>(
          "options",
          OptionsTarget::read,
          List.of(ParameterException.class),
          16 << 20,
          8192,
          words -> words.contains("--layers") && words.contains("7"));

  private OptionsTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, OptionsTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }

  private static List<String> read(byte[] file) {
    String text = OptionsFile.text(ROOT, "some file", file);
    List<String> words = new ArrayList<>(List.of("train"));
    if (text.startsWith("#")) {
      ConfigFile.parsed(ROOT, "some file", text)
          .forEach((name, value) -> words.add("--" + name + "=" + value));
    } else {
      words.addAll(ArgumentFiles.words(text));
    }
    ROOT.parseArgs(words.toArray(String[]::new));
    return words;
  }
}
