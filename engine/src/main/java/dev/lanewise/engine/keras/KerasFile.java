package dev.lanewise.engine.keras;

import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.checkpoint.AtomicFile;
import dev.lanewise.engine.data.TextVectorization;
import dev.lanewise.engine.layer.Layer;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Reads and writes Keras's model files; their kind is known by their content, not by their names.
 *
 * <p>Needs jHDF and Gson. This class names none of theirs, nor any class whose code does other than
 * inside of {@code withLibraries}: where they are missing it still loads, and says so.
 */
public final class KerasFile {
  static final String METADATA = "metadata.json";
  static final String CONFIG = "config.json";
  static final String WEIGHTS = "model.weights.h5";

  private KerasFile() {}

  /**
   * Reads a model: a {@code .keras} archive or a legacy {@code .h5} file of a whole model.
   *
   * @param path the file to read
   * @return the model, its weights and what it was trained with
   * @throws ModelFormatException if it is missing, damaged, or holds what is not supported
   */
  public static SavedModel read(Path path) {
    return withLibraries(() -> ModelReader.of(path).model());
  }

  /**
   * Reads a model of which some layers are none that a file can carry: a {@code Lambda}, whose
   * function is Python's own, a class of somebody's own, or one that there is not here. As Keras
   * asks for {@code custom_objects}, this asks for a layer to stand in the place of each.
   *
   * <pre>{@code
   * KerasFile.read(path, Map.of("lambda", new Rescaling(100, 0), "lambda_1", GetItem.ofStep(-1)))
   * }</pre>
   *
   * @param path the file to read
   * @param layers by the layer's name in the file; where it is in a model within, after that one's
   *     name and a slash. Layers and operations without weights: where those of another class are
   *     in a file is not told
   * @return the model, with these layers: what is written of it has them, too
   * @throws ModelFormatException if the file is missing, damaged, or holds else what is not
   *     supported, has no such layers, or one of those given has weights
   */
  public static SavedModel read(Path path, Map<String, Layer> layers) {
    return withLibraries(() -> ModelReader.of(path).with(new Replacements(layers)).model());
  }

  /**
   * Reads a model from two files: what it is, from the JSON that Keras's {@code model.to_json()}
   * gives, and its weights.
   *
   * @param architecture the file of the JSON
   * @param weights a {@code .weights.h5}, {@code .h5} or {@code .keras} file
   * @return the model, as its JSON says compiled or not, with an optimizer that begins afresh
   * @throws ModelFormatException if one is missing, damaged, or has what is not supported, or the
   *     weights are not the model's
   */
  public static SavedModel read(Path architecture, Path weights) {
    return withLibraries(() -> ModelReader.of(architecture).model(ModelReader.of(weights)));
  }

  /**
   * Reads what makes ids of tokens of texts, where it stands in front of a model; the model that
   * {@link #read(Path)} gives takes the ids.
   *
   * @param path the file to read, a {@code .keras} archive
   * @return vocabulary, and how texts are split
   * @throws ModelFormatException if it cannot be read, or has no {@code TextVectorization} there,
   *     or one with options that are not supported
   */
  public static TextVectorization readText(Path path) {
    return withLibraries(() -> ModelReader.of(path).text());
  }

  /**
   * Reads the weights of a model that is known already, from a {@code .keras} archive, a {@code
   * .weights.h5} or a legacy {@code .h5} file.
   *
   * @param path the file to read
   * @param spec the model that the weights are of
   * @return every parameter in Keras's order
   * @throws ModelFormatException if the file is missing or damaged or does not fit the model
   */
  public static List<float[]> readWeights(Path path, ModelSpec spec) {
    return withLibraries(() -> ModelReader.of(path).weights(spec, List.of()));
  }

  /**
   * Reads other weights of a model that was read, which may have models in it: they stand in a file
   * of their own.
   *
   * @param path the file to read
   * @param model the model that the weights are of
   * @return every parameter in Keras's order
   * @throws ModelFormatException if the file is missing or damaged or does not fit the model
   */
  public static List<float[]> readWeights(Path path, SavedModel model) {
    return withLibraries(() -> ModelReader.of(path).weights(model.spec(), model.models()));
  }

  /**
   * Writes a {@code .keras} archive in place of what is there, in one step.
   *
   * @param model what to write
   * @param path the file to write; its folder must be there
   * @throws IllegalArgumentException if the file is named as one of HDF5, which it would not be
   * @throws UncheckedIOException if it cannot be written; what was there still is
   * @throws ModelFormatException if the model has an {@link SavedModel#obstacle}, or leaves open a
   *     number of steps of which it takes some alone
   */
  public static void write(SavedModel model, Path path) {
    String name = path.toString();
    if (name.endsWith(".h5") || name.endsWith(".hdf5")) {
      throw new IllegalArgumentException(
          path
              + ": a model is written as a .keras archive, which Keras reads under that name"
              + " alone");
    }
    try {
      AtomicFile.replace(path, bytes(model));
    } catch (ModelFormatException e) {
      throw new ModelFormatException(path + ": " + e.getMessage(), e);
    }
  }

  /**
   * {@return a model as a {@code .keras} archive}
   *
   * @param model what to write
   * @throws ModelFormatException if it has an {@link SavedModel#obstacle}, or leaves open a number
   *     of steps of which it takes some alone
   */
  public static byte[] bytes(SavedModel model) {
    if (model.obstacle() != null) {
      throw new ModelFormatException(
          "the model cannot be written without losing a part: " + model.obstacle());
    }
    return withLibraries(() -> ArchiveWriter.bytes(model));
  }

  /**
   * Writes a model's variables as a {@code .weights.h5} file in place of what is there, in one
   * step.
   *
   * @param model what to write
   * @param path the file to write; its folder must be there
   * @throws UncheckedIOException if it cannot be written; what was there still is
   */
  public static void writeWeights(SavedModel model, Path path) {
    AtomicFile.replace(path, withLibraries(() -> ArchiveWriter.weights(model)));
  }

  private static <T> T withLibraries(Supplier<T> work) {
    try {
      return work.get();
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          "Keras files need io.jhdf:jhdf and com.google.code.gson:gson, missing: "
              + e.getMessage()
              + "; put both and what they depend on on the class path, or on the module path with"
              + " --add-modules io.jhdf,com.google.gson,org.slf4j,org.apache.commons.lang3",
          e);
    }
  }
}
