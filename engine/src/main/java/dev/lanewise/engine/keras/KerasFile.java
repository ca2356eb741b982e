package dev.lanewise.engine.keras;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import dev.lanewise.engine.archive.ArchiveException;
import dev.lanewise.engine.archive.ZipArchive;
import dev.lanewise.engine.archive.ZipWriter;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.checkpoint.AtomicFile;
import dev.lanewise.engine.checkpoint.Storage;
import dev.lanewise.engine.keras.SavedModel.Origin;
import dev.lanewise.engine.keras.WeightsReader.OptimizerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Reads and writes Keras's model files; their kind is known by their content, not by their names.
 */
public final class KerasFile {
  private static final String METADATA = "metadata.json";
  private static final String CONFIG = "config.json";
  private static final String WEIGHTS = "model.weights.h5";

  /** JSON packs well; weights hardly at all. */
  private static final int MOST_EXPANSION = 100;

  private final String name;
  private final byte[] bytes;

  private KerasFile(Path path) {
    name = path.toString();
    try {
      bytes = Storage.disk().read(path);
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(name + ": there is no such file", e);
    } catch (IOException e) {
      throw new ModelFormatException(name + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a model: a {@code .keras} archive or a legacy {@code .h5} file of a whole model.
   *
   * @throws ModelFormatException if it is missing, damaged, or holds what is not supported
   */
  public static SavedModel read(Path path) {
    return withLibraries(() -> new KerasFile(path).model());
  }

  /**
   * Reads the weights of a model that is known already, from a {@code .keras} archive, a {@code
   * .weights.h5} or a legacy {@code .h5} file.
   *
   * @return every parameter in Keras's order
   * @throws ModelFormatException if the file is missing or damaged or does not fit the model
   */
  public static List<float[]> readWeights(Path path, ModelSpec spec) {
    return withLibraries(() -> new KerasFile(path).weights(spec));
  }

  /**
   * Writes a {@code .keras} archive in place of what is there, in one step.
   *
   * @throws UncheckedIOException if it cannot be written; what was there still is
   * @throws ModelFormatException if the model has an {@link SavedModel#obstacle}
   */
  public static void write(SavedModel model, Path path) {
    if (model.obstacle() != null) {
      throw new ModelFormatException(
          path + ": the model cannot be written without losing a part: " + model.obstacle());
    }
    withLibraries(
        () -> {
          try {
            AtomicFile.write(Storage.disk(), path, archive(model));
          } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be written: " + e.getMessage(), e);
          }
          return true;
        });
  }

  /**
   * Writes a model's variables as a {@code .weights.h5} file in place of what is there, in one
   * step.
   *
   * @throws UncheckedIOException if it cannot be written; what was there still is
   */
  public static void writeWeights(SavedModel model, Path path) {
    withLibraries(
        () -> {
          try {
            AtomicFile.write(Storage.disk(), path, weights(model));
          } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be written: " + e.getMessage(), e);
          }
          return true;
        });
  }

  private static byte[] weights(SavedModel model) throws IOException {
    return WeightsWriter.bytes(model.spec(), model.parameters(), model.training() != null);
  }

  private static <T> T withLibraries(Supplier<T> work) {
    try {
      return work.get();
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          "Keras files need io.jhdf:jhdf and com.google.code.gson:gson on the class path, missing: "
              + e.getMessage(),
          e);
    }
  }

  private static byte[] archive(SavedModel model) throws IOException {
    JsonObject metadata = new JsonObject();
    metadata.addProperty("keras_version", model.origin().kerasVersion());
    metadata.addProperty("date_saved", model.origin().dateSaved());
    Map<String, byte[]> members = new LinkedHashMap<>();
    members.put(METADATA, json(metadata));
    members.put(CONFIG, json(ModelConfig.write(model)));
    members.put(WEIGHTS, weights(model));
    return ZipWriter.bytes(members);
  }

  private static byte[] json(JsonObject object) {
    return new GsonBuilder()
        .serializeNulls()
        .disableHtmlEscaping()
        .create()
        .toJson(object)
        .getBytes(StandardCharsets.UTF_8);
  }

  private boolean isArchive() {
    return bytes.length >= 2 && bytes[0] == 'P' && bytes[1] == 'K';
  }

  private byte[] member(String member) {
    try {
      return ZipArchive.of(bytes, name).read(member, MOST_EXPANSION);
    } catch (ArchiveException e) {
      throw new ModelFormatException(String.valueOf(e.getMessage()), e);
    }
  }

  private SavedModel model() {
    if (isArchive()) {
      return archived();
    }
    if (!Hdf5.isHdf5(bytes)) {
      throw new ModelFormatException(
          name
              + ": expected a .keras archive or an .h5 file, found neither a zip nor an HDF5 file");
    }
    try (Hdf5 file = Hdf5.of(bytes, name)) {
      LegacyReader legacy = new LegacyReader(file, name);
      String config = legacy.text("model_config");
      if (config == null) {
        throw new ModelFormatException(
            name
                + ": holds weights without a model; build the model and take the weights alone"
                + " (--init)");
      }
      String training = legacy.text("training_config");
      String version = legacy.text("keras_version");
      Config compile = training == null ? null : parsed(training, "training_config");
      Draft draft = new Draft(parsed(config, "model_config"), compile);
      Origin origin = new Origin(version == null ? "" : version, "");
      ModelSpec spec = draft.spec();
      OptimizerState state = draft.state(legacy.optimizer(spec));
      return draft.model(
          new Parameters(legacy.weights(spec), state.slots(), state.iterations()), state, origin);
    }
  }

  private Config parsed(String text, String what) {
    String where = name + ": " + what;
    return new Config(where, StrictJson.object(text.getBytes(StandardCharsets.UTF_8), where));
  }

  private SavedModel archived() {
    Config config =
        new Config(name + ": " + CONFIG, StrictJson.object(member(CONFIG), name + ": " + CONFIG));
    Config compile =
        config.has("compile_config")
            ? config.child("compile_config").at(name + ": compile_config")
            : null;
    Draft draft = new Draft(config, compile);
    ModelSpec spec = draft.spec();
    try (Hdf5 file = Hdf5.of(member(WEIGHTS), name + ": " + WEIGHTS)) {
      WeightsReader reader = new WeightsReader(file, name + ": " + WEIGHTS);
      OptimizerState state = draft.state(reader.optimizer(spec));
      return draft.model(reader.parameters(spec, state), state, origin());
    }
  }

  private Origin origin() {
    if (!ZipArchive.of(bytes, name).names().contains(METADATA)) {
      return new Origin("", ""); // Keras reads such archives too
    }
    Config metadata =
        new Config(METADATA, StrictJson.object(member(METADATA), name + ": " + METADATA));
    String version = metadata.stringOrNull("keras_version");
    String date = metadata.stringOrNull("date_saved");
    return new Origin(version == null ? "" : version, date == null ? "" : date);
  }

  private List<float[]> weights(ModelSpec spec) {
    byte[] content = isArchive() ? member(WEIGHTS) : bytes;
    try (Hdf5 file = Hdf5.of(content, name)) {
      LegacyReader legacy = new LegacyReader(file, name);
      return legacy.applies() ? legacy.weights(spec) : new WeightsReader(file, name).weights(spec);
    }
  }
}
