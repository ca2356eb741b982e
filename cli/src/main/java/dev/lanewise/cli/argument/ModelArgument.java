package dev.lanewise.cli.argument;

import dev.lanewise.engine.backend.DataFit;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.TokenIds;
import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.data.FormatException;
import dev.lanewise.engine.keras.KerasFile;
import dev.lanewise.engine.keras.ModelFormatException;
import dev.lanewise.engine.keras.SavedModel;
import dev.lanewise.engine.tensor.Shape;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The model file that a command works on. */
public final class ModelArgument {
  @Parameters(index = "0", paramLabel = "MODEL", description = "a .keras file, or a legacy .h5")
  public Path file = Path.of("");

  /** Reads it. */
  public SavedModel read() {
    return read(file);
  }

  /**
   * Reads a model whose answers are asked for.
   *
   * @throws ModelFormatException if it cannot be used, a weight that is NaN or infinite included
   */
  public static SavedModel read(Path file) {
    SavedModel saved = KerasFile.read(file);
    String fault = saved.weightFault();
    if (fault != null) {
      throw new ModelFormatException(file + ": " + fault);
    }
    return saved;
  }

  /**
   * Returns a model whose inputs leave the number of steps open for that of samples; plain rows
   * have as many as they fill.
   */
  public static SavedModel forSamples(SavedModel saved, Dataset samples) {
    List<Shape> inputs = samples.inputs();
    boolean rows = inputs.size() == 1 && inputs.getFirst().rank() == 1;
    if (!rows || saved.inputs().size() > 1) {
      return saved.forInputs(inputs);
    }
    Shape model = saved.inputs().getFirst();
    int steps = Math.toIntExact(inputs.getFirst().elementCount() / model.part().elementCount());
    return steps == 0 ? saved : saved.forInputs(List.of(model.withFirst(steps)));
  }

  /**
   * Refuses a model of several outputs where only one can be shown.
   *
   * @param file names the model in messages
   */
  private static void requireOneOutput(Path file, SavedModel saved) {
    int outputs = saved.graph().outputs().size();
    if (outputs > 1) {
      throw new ModelFormatException(
          file
              + ": has "
              + outputs
              + " outputs, a file of samples is for one; predict takes --input NAME=FILE.npy");
    }
  }

  /**
   * Refuses a model of several inputs or outputs where files have samples of one input each.
   *
   * @param file names the model in messages
   */
  public static void requireOneInput(Path file, SavedModel saved) {
    requireOneOutput(file, saved);
    int inputs = saved.graph().inputs().size();
    if (inputs > 1) {
      throw new ModelFormatException(
          file
              + ": has "
              + inputs
              + " inputs, a file of samples is of one; predict takes --input NAME=FILE.npy");
    }
  }

  /**
   * Refuses samples of more classes than a model tells apart, of tokens that it does not know, or
   * with targets that its loss does not take.
   *
   * @param file names the model in messages
   * @throws ModelFormatException if the model is for other data
   * @throws FormatException if the data are none for any such model
   */
  public static void requireSamples(Path file, SavedModel saved, Dataset samples) {
    int outputs = saved.spec().outputs().size();
    if (samples.outputs() != outputs) {
      throw new ModelFormatException(
          file
              + ": has "
              + outputs
              + " outputs, the data have targets of "
              + samples.outputs()
              + "; an .npz with y0_train, y1_train and so on has them of several");
    }
    for (int output = 0; output < outputs; output++) {
      int most = saved.spec().mostClasses(output);
      int classes = samples.targets(output).classes();
      if (most < classes) {
        throw new ModelFormatException(
            file
                + ": "
                + (outputs == 1 ? "" : saved.spec().outputs().get(output).name() + " ")
                + "tells "
                + most
                + " classes apart, the data have "
                + classes);
      }
    }
    requireTokens(saved.spec(), samples);
    requireTargets(saved.spec().forInputs(samples.inputs()), samples);
  }

  /** Refuses targets that a loss does not take. */
  private static void requireTargets(ModelSpec model, Dataset samples) {
    if (!samples.inputs().equals(model.inputs())) {
      return; // of which is told elsewhere
    }
    try {
      DataFit.requireTargets(model, samples);
    } catch (IllegalArgumentException e) {
      throw new FormatException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Refuses numbers that are no ids of a model's tokens.
   *
   * @throws FormatException naming the first
   */
  public static void requireTokens(ModelSpec model, Dataset samples) {
    try {
      TokenIds.of(model).require(samples);
    } catch (IllegalArgumentException e) {
      throw new FormatException(String.valueOf(e.getMessage()));
    }
  }
}
