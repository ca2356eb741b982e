package dev.lanewise.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lanewise.cli.argument.DataOptions;
import dev.lanewise.cli.argument.ModelArgument;
import dev.lanewise.cli.argument.OptionRange;
import dev.lanewise.cli.image.DigitPreparation;
import dev.lanewise.cli.image.PictureFile;
import dev.lanewise.cli.tell.JsonText;
import dev.lanewise.cli.tell.KerasFormat;
import dev.lanewise.cli.tell.RunFailedException;
import dev.lanewise.cli.tell.Version;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.FormatException;
import dev.lanewise.engine.data.SampleFile;
import dev.lanewise.engine.data.Scaling;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.text.Printable;
import dev.lanewise.engine.train.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code predict}: a model's answers to files. */
@Command(
    name = "predict",
    description = {
      "Prints what a model says of each sample.",
      "Pictures of digits (PNG, JPEG, GIF, BMP) are made grey, turned white on black, scaled and"
          + " centred as MNIST's are; of .npy, .csv and IDX files whole numbers from 0 to 255 are"
          + " pixels, others are taken as they are. It is said what was done."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  lanewise predict model.keras digit.png",
      "  lanewise predict model.keras digits.npy --json",
      "  lanewise predict model.keras --input input_layer=digits.npy --out answers.npy"
    })
public final class PredictCommand implements Callable<Integer> {
  private static final int BATCH = 150;

  @Mixin private ModelArgument model = new ModelArgument();

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "FILES",
      description = "pictures, .npy, .csv or IDX files, .txt of a text a line")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--top",
      paramLabel = "K",
      defaultValue = "3",
      description = "the most likely classes to print (${DEFAULT-VALUE})")
  private int top = 3;

  @Option(
      names = "--scaling",
      paramLabel = "HOW",
      description =
          "of .npy, .csv and IDX: pixels divides by 255, none takes values as they are (pixels"
              + " where all are whole numbers from 0 to 255 and one is above 1)")
  private @Nullable Scaling scaling;

  @Option(
      names = "--input",
      paramLabel = "NAME=FILE",
      description =
          "the samples of one of the model's inputs as .npy, in place of FILES: numbers as they"
              + " are, in the input's shape; a model with one input needs no NAME")
  private List<String> named = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "OUT",
      description =
          "where the answers to --input go: FILE.npy, or a folder that gets NAME.npy of each"
              + " output")
  private @Nullable Path out;

  @Option(names = "--json", description = "one JSON object a sample on stdout")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  /** A file's samples, and what was done to make them. */
  private record Input(Path file, Dataset samples, List<String> steps) {}

  @Override
  public Integer call() {
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    OptionRange.check(command, "--top", top, 1, Integer.MAX_VALUE);
    requireKind(command);
    SavedModel saved = model.read();
    if (!named.isEmpty()) {
      answer(saved);
      return 0;
    }
    ModelArgument.requireOneInput(model.file, saved);
    List<Input> inputs = files.stream().map(file -> input(file, saved.spec())).toList();
    try (Model loaded = saved.toModel()) {
      boolean classes = saved.graph().outputActivation(0) == Activation.SOFTMAX;
      int width = saved.spec().output().size(-1);
      for (Input input : inputs) {
        loaded.resetStates(); // each file by itself
        float[] outputs = loaded.predict(input.samples, saved.spec().batchOr(BATCH));
        int each = outputs.length / input.samples.size();
        for (int i = 0; i < input.samples.size(); i++) {
          float[] output = Arrays.copyOfRange(outputs, i * each, (i + 1) * each);
          requireNumbers(input, i, output);
          print(input, i, output, classes && each == width);
        }
      }
    }
    return 0;
  }

  private void requireKind(CommandLine command) {
    OptionRange.require(
        command,
        files.isEmpty() != named.isEmpty(),
        "give either FILES or --input, found " + (files.isEmpty() ? "neither" : "both"));
    OptionRange.require(
        command, out == null || !named.isEmpty(), "--out is for answers to --input");
    OptionRange.require(
        command,
        named.isEmpty() || scaling == null || scaling == Scaling.NONE,
        "--scaling: arrays of --input are taken as they are");
  }

  /** Answers arrays as they are, in the shapes that answers have. */
  private void answer(SavedModel saved) {
    Dataset samples = TensorFiles.read(saved, named);
    if (out != null) {
      TensorAnswers.prepare(out);
    }
    SavedModel ofSamples = saved.forInputs(samples.inputs());
    try (Model loaded = ofSamples.toModel()) {
      int batch = saved.spec().batchOr(BATCH);
      TensorAnswers answers = new TensorAnswers(ofSamples, loaded.predict(samples, batch));
      requireNumbers(answers.firstNotFinite());
      if (out != null) {
        answers.write(out);
        return;
      }
      for (int i = 0; i < answers.samples(); i++) {
        if (json) {
          JsonObject line = new JsonObject();
          line.addProperty("index", i);
          line.add("outputs", answers.of(i));
          System.out.println(JsonText.of(line));
        } else {
          System.out.println(Printable.of(i + ": " + answers.of(i)));
        }
      }
    }
  }

  private Input input(Path file, ModelSpec of) {
    Shape sample = of.input();
    if (file.toString().toLowerCase(Locale.ROOT).endsWith(".txt")) {
      Dataset texts = SampleFile.texts(file, KerasFile.readText(model.file));
      return new Input(file, texts, List.of());
    }
    if (!PictureFile.is(file)) {
      boolean anySteps = of.graph().anySteps();
      SampleFile read = SampleFile.read(file, sample, anySteps, DataOptions.wanted(scaling, of));
      System.err.println(read.inferred());
      ModelArgument.requireTokens(of, read.samples());
      return new Input(file, read.samples(), List.of());
    }
    Shape digit = Shape.of(DigitPreparation.SIDE, DigitPreparation.SIDE);
    if (!sample.equals(digit)) {
      throw new FormatException(
          file
              + ": pictures become "
              + digit
              + ", the model takes "
              + sample
              + "; give .npy or .csv");
    }
    if (scaling == Scaling.NONE) {
      throw new FormatException(
          file + ": a picture's levels are pixels; --scaling none is of .npy, .csv and IDX files");
    }
    PictureFile.Decoded picture = PictureFile.read(file);
    DigitPreparation prepared = DigitPreparation.of(picture.grey());
    List<String> steps = new ArrayList<>(picture.notes());
    steps.addAll(prepared.steps());
    return new Input(file, Dataset.ofBytes(digit, prepared.pixels(), new int[1], 1), steps);
  }

  private static String name(Input input, int index) {
    return input.samples.size() == 1 ? input.file.toString() : input.file + "[" + index + "]";
  }

  private void requireNumbers(int sample) {
    if (sample >= 0) {
      throw new RunFailedException(
          "sample "
              + sample
              + ": the answer of "
              + model.file
              + " is no number; the sample has a value that is none, or the answer overflows");
    }
  }

  /** The largest of values that are no numbers is none of them. */
  private void requireNumbers(Input input, int index, float[] output) {
    for (float value : output) {
      if (!Float.isFinite(value)) {
        throw new RunFailedException(
            name(input, index)
                + ": the answer of "
                + model.file
                + " is no number; the sample has a value that is none, or the answer overflows");
      }
    }
  }

  private void print(Input input, int index, float[] output, boolean classes) {
    if (json) {
      System.out.println(JsonText.of(object(input, index, output, classes)));
      return;
    }
    StringBuilder line = new StringBuilder(Printable.of(name(input, index))).append(": ");
    if (classes) {
      int[] order = order(output);
      line.append(order[0]);
      for (int k = 0; k < Math.min(top, order.length); k++) {
        line.append(k == 0 ? "  (" : ", ")
            .append(order[k])
            .append(": ")
            .append(KerasFormat.value(output[order[k]]));
      }
      line.append(')');
    } else {
      line.append(Arrays.toString(output));
    }
    if (!input.steps.isEmpty()) {
      line.append("  ").append(String.join(", ", input.steps));
    }
    System.out.println(line);
  }

  private JsonObject object(Input input, int index, float[] output, boolean classes) {
    JsonObject object = new JsonObject();
    object.addProperty("file", input.file.toString());
    object.addProperty("index", index);
    if (classes) {
      object.addProperty("label", order(output)[0]);
    }
    JsonArray values = new JsonArray();
    for (float value : output) {
      values.add(value);
    }
    object.add(classes ? "probabilities" : "outputs", values);
    if (!input.steps.isEmpty()) {
      JsonArray steps = new JsonArray();
      input.steps.forEach(steps::add);
      object.add("preparation", steps);
    }
    return object;
  }

  /** Returns the classes by falling probability, the first of equal ones first. */
  private static int[] order(float[] output) {
    return IntStream.range(0, output.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer c) -> -output[c]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
