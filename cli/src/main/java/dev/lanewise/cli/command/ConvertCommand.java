package dev.lanewise.cli.command;

import dev.lanewise.cli.argument.ModelArgument;
import dev.lanewise.cli.argument.OptionRange;
import dev.lanewise.cli.argument.UnsupportedMetrics;
import dev.lanewise.cli.tell.Version;
import dev.lanewise.engine.archive.ZipWriter;
import dev.lanewise.engine.checkpoint.AtomicFile;
import dev.lanewise.engine.data.Npy;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.ModelFormatException;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.layer.ParameterSpec;
import dev.lanewise.engine.onnx.OnnxExport;
import dev.lanewise.engine.text.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code convert}: a model in another format. */
@Command(
    name = "convert",
    description =
        "Writes a model as .keras, .onnx, or its weights as .weights.h5 or .npz, by the name's"
            + " ending.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  lanewise convert model.keras model.onnx",
      "  lanewise convert model.keras step.onnx --step",
      "  lanewise convert model.keras weights.npz --force"
    })
public final class ConvertCommand implements Callable<Integer> {
  @Mixin private ModelArgument model = new ModelArgument();

  @Parameters(index = "1", paramLabel = "OUT", description = "the file to write")
  private Path out = Path.of("");

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "the weights of a MODEL.json, as model.to_json() gives it: .h5, .weights.h5")
  private @Nullable Path weights;

  @Option(names = "--force", description = "replace the file if it is there")
  private boolean force;

  @Option(
      names = "--step",
      description =
          "OUT.onnx is one step of a sequence, with states as inputs and outputs: a stream"
              + " elsewhere")
  private boolean step;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    var command = Objects.requireNonNull(spec, "picocli sets it").commandLine();
    OptionRange.require(
        command, force || !Files.exists(out), out + " is there already; --force replaces it");
    String name = out.toString().toLowerCase(Locale.ROOT);
    OptionRange.require(
        command,
        name.matches(".*[.](keras|onnx|npz|weights[.]h5)"),
        "OUT must end with .keras, .weights.h5, .onnx or .npz, found " + out);
    OptionRange.require(
        command, !step || name.endsWith(".onnx"), "--step is for .onnx alone, found " + out);
    AtomicFile.requireReplaceable(out);
    SavedModel saved = weights == null ? model.read() : KerasFile.read(model.file, weights);
    if (name.endsWith(".keras")) {
      UnsupportedMetrics.tell(saved, model.file, "not written");
      KerasFile.write(saved, out);
    } else if (name.endsWith(".weights.h5")) {
      KerasFile.writeWeights(saved, out);
    } else if (name.endsWith(".onnx")) {
      AtomicFile.replace(out, onnx(saved));
    } else {
      writeWeights(saved);
    }
    System.out.println(Printable.of(out.toString()));
    return 0;
  }

  private byte[] onnx(SavedModel saved) {
    try {
      return step
          ? OnnxExport.stepBytes(saved.spec(), saved.parameters())
          : OnnxExport.bytes(saved.spec(), saved.parameters());
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      throw new ModelFormatException(model.file + ": " + e.getMessage(), e);
    }
  }

  /** An archive of arrays as NumPy writes it, each named after its layer and parameter. */
  private void writeWeights(SavedModel saved) {
    Map<String, byte[]> members = new LinkedHashMap<>();
    int next = 0;
    for (int i = 0; i < saved.layers().size(); i++) {
      List<ParameterSpec> parameters = saved.graph().parameters(i);
      for (ParameterSpec parameter : parameters) {
        String name = saved.layers().get(i).name() + "_" + parameter.name() + ".npy";
        float[] values = saved.parameters().values().get(next++);
        members.put(name.replace('/', '_'), Npy.write(parameter.shape(), values));
      }
    }
    AtomicFile.replace(out, ZipWriter.bytes(members));
  }
}
