package dev.lanewise.cli.command;

import dev.lanewise.cli.argument.DataOptions;
import dev.lanewise.cli.argument.ModelArgument;
import dev.lanewise.cli.argument.NewModelInput;
import dev.lanewise.cli.argument.OptionRange;
import dev.lanewise.cli.argument.SampleSet;
import dev.lanewise.cli.picture.HalfBlocks;
import dev.lanewise.cli.picture.Tile;
import dev.lanewise.cli.picture.TileGrid;
import dev.lanewise.cli.report.Answers;
import dev.lanewise.cli.tell.Terminal;
import dev.lanewise.cli.tell.Version;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.DataSplits;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.keras.ModelFormatException;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code show}: samples as pictures with their labels. */
@Command(
    name = "show",
    description = "Shows samples with their labels, in the terminal or as a picture.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  lanewise show --out digits.png", "  lanewise show --rows 1 --columns 3 --label 7"})
public final class ShowCommand implements Callable<Integer> {
  private static final int MOST_TILES = 10_000;

  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--set",
      paramLabel = "NAME",
      description = "train or test (train; test with --mistakes)")
  private @Nullable SampleSet set;

  @Option(
      names = "--offset",
      paramLabel = "N",
      defaultValue = "0",
      description = "samples to pass over (${DEFAULT-VALUE})")
  private int offset;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "6",
      description = "rows of the grid (${DEFAULT-VALUE})")
  private int rows = 6;

  @Option(
      names = "--columns",
      paramLabel = "N",
      defaultValue = "6",
      description = "columns of the grid (${DEFAULT-VALUE})")
  private int columns = 6;

  @Option(names = "--label", paramLabel = "L", description = "only samples of this class")
  private @Nullable Integer label;

  @Option(
      names = "--mistakes",
      paramLabel = "MODEL",
      description = "only what this model gets wrong, the surest first")
  private @Nullable Path mistakes;

  @Option(names = "--out", paramLabel = "FILE", description = "write a .png or .svg instead")
  private @Nullable Path out;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine command = Objects.requireNonNull(spec, "picocli sets it").commandLine();
    OptionRange.check(command, "--offset", offset, 0, Integer.MAX_VALUE);
    OptionRange.check(command, "--rows", rows, 1, MOST_TILES);
    OptionRange.check(command, "--columns", columns, 1, MOST_TILES / rows);
    PictureOutput.check(command, out);
    SavedModel described = mistakes == null ? null : ModelArgument.read(mistakes);
    if (described != null && mistakes != null) {
      ModelArgument.requireOneInput(mistakes, described);
    }
    SampleSet wanted = set != null ? set : described == null ? SampleSet.train : SampleSet.test;
    DataSplits splits =
        data.begin(described == null ? 0 : described.spec().output().size(-1)).await();
    Dataset all = wanted.of(splits);
    SavedModel model = described == null ? null : ModelArgument.forSamples(described, all);
    Shape shape = model == null || !all.fits(model.input()) ? NewModelInput.of(all) : model.input();
    Dataset samples = all.shapedFor(shape);
    List<Tile> tiles =
        model == null ? plain(samples) : wrong(samples, model, Objects.requireNonNull(mistakes));
    OptionRange.require(command, !tiles.isEmpty(), "no sample is left by these options");
    if (out == null) {
      print(tiles, command);
    } else {
      PictureOutput.write(out, new TileGrid(tiles, columns).bytesFor(out));
    }
    return 0;
  }

  private List<Tile> plain(Dataset samples) {
    return chosen(IntStream.range(0, samples.size()).boxed(), samples)
        .map(i -> Tile.of(samples, i, Integer.toString(samples.label(i, 0))))
        .toList();
  }

  private List<Tile> wrong(Dataset samples, SavedModel saved, Path file) {
    if (!saved.input().equals(samples.sampleShape())) {
      throw new ModelFormatException(
          file + ": takes " + saved.input() + ", the data are " + samples.sampleShape());
    }
    ModelSpec spec = saved.spec();
    if (!Answers.areClasses(spec, samples) || spec.positions(0) > 1) {
      throw new ModelFormatException(
          file
              + ": answers with "
              + spec.output()
              + " and learns by "
              + spec.loss().kerasName()
              + "; expected one class a sample");
    }
    ModelArgument.requireSamples(file, saved, samples);
    try (Model model = saved.toModel()) {
      Answers answers = Answers.of(model, samples);
      return chosen(answers.mistakes().stream(), samples)
          .map(
              i ->
                  Tile.of(
                      samples, i, answers.labels()[i] + ", predicted " + answers.predicted()[i]))
          .toList();
    }
  }

  private Stream<Integer> chosen(Stream<Integer> indices, Dataset samples) {
    return indices
        .filter(i -> label == null || samples.label(i, 0) == label)
        .skip(offset)
        .limit((long) rows * columns);
  }

  private void print(List<Tile> tiles, CommandLine command) {
    if (!Terminal.isThere()) {
      System.out.print(HalfBlocks.of(tiles, columns, false));
      return;
    }
    int width = command.getCommandSpec().usageMessage().autoWidth(true).width(); // asks stty
    boolean colour = System.getenv("NO_COLOR") == null;
    System.out.print(HalfBlocks.within(tiles, columns, width, colour));
  }
}
