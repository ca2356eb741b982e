package dev.lanewise.cli.argument;

import dev.lanewise.cli.Lanewise;
import dev.lanewise.cli.tell.UsageLine;
import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.Edits;
import dev.lanewise.engine.fuzz.FuzzTarget;
import dev.lanewise.engine.fuzz.TextEdits;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Files of options: properties where the first byte is a {@code #}, as for {@code --config}, and
 * else arguments, as for {@code @FILE}. Both are given to {@code train}, which parses them.
 * Arguments may be in several files with a record separator of ASCII between them: those behind the
 * first are named 1, 2, and so on.
 */
public final class OptionsTarget {
  private static final CommandLine ROOT = Lanewise.commandLine("train");

  /** The command's options anew for each, and every word: of files, 10,000 words. */
  public static final FuzzTarget<List<String>> TARGET =
      new FuzzTarget<>(
          "options",
          OptionsTarget::read,
          List.of(ParameterException.class),
          64 << 20,
          8192,
          words -> words.contains("--layers") && words.contains("7"),
          Edits.of(OptionsTarget.class, TextEdits::edited));

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
      List<String> files = List.of(text.split("\u001e", -1));
      words.addAll(
          List.of(
              ArgumentFiles.expand(
                  ROOT, new String[] {"@0"}, (named, name) -> text(files, named, name))));
    }
    try {
      Leftovers.refuse(ROOT.parseArgs(words.toArray(String[]::new)));
    } catch (ParameterException e) { // held to what is told of it
      throw new ParameterException(e.getCommandLine(), UsageLine.message(e));
    }
    return words;
  }

  private static String text(List<String> files, String named, String name) {
    return IntStream.range(0, files.size())
        .filter(index -> name.equals(Integer.toString(index)))
        .mapToObj(files::get)
        .findFirst()
        .orElseThrow(() -> OptionsFile.refused(ROOT, named, "no such file"));
  }
}
