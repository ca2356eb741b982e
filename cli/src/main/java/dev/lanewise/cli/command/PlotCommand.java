package dev.lanewise.cli.command;

import dev.lanewise.cli.picture.Curves;
import dev.lanewise.cli.run.HistoryFiles;
import dev.lanewise.cli.run.RunFolder;
import dev.lanewise.cli.tell.Version;
import dev.lanewise.engine.data.FormatException;
import dev.lanewise.engine.text.Printable;
import dev.lanewise.engine.train.History;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plot}: curves of one run or several. */
@Command(
    name = "plot",
    description = "Draws accuracy and loss against epochs, several runs in the same plots.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  lanewise plot lanewise-out/1/history.json",
      "  lanewise plot lanewise-out/1 lanewise-out/2 --out both.svg"
    })
public final class PlotCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "FILES",
      description = "history.json, history.csv, or run folders")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "curves.png",
      description = "a .png or .svg to write (${DEFAULT-VALUE})")
  private Path out = Path.of("curves.png");

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PictureOutput.check(Objects.requireNonNull(spec, "picocli sets it").commandLine(), out);
    List<Curves.Run> runs = new ArrayList<>();
    for (Path file : files) {
      Path history = Files.isDirectory(file) ? file.resolve(RunFolder.HISTORY_JSON) : file;
      History values = HistoryFiles.readHistory(history);
      if (values.epoch().isEmpty() || !values.history().containsKey("loss")) {
        throw new FormatException(history + ": reports no loss");
      }
      runs.add(new Curves.Run(files.size() == 1 ? "" : Printable.of(file.toString()), values));
    }
    PictureOutput.write(out, Curves.of(runs).bytesFor(out));
    return 0;
  }
}
