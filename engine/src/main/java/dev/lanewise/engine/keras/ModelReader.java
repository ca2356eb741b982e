package dev.lanewise.engine.keras;

import dev.lanewise.engine.archive.ArchiveException;
import dev.lanewise.engine.archive.ZipArchive;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Parameters;
import dev.lanewise.engine.checkpoint.Reason;
import dev.lanewise.engine.checkpoint.Storage;
import dev.lanewise.engine.data.TextVectorization;
import dev.lanewise.engine.keras.SavedModel.Origin;
import dev.lanewise.engine.keras.WeightsReader.OptimizerState;
import dev.lanewise.engine.text.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A model file in memory, of whichever kind its first bytes say. */
final class ModelReader {
  /** JSON packs well; weights hardly at all. */
  private static final int MOST_EXPANSION = 100;

  /** What to do about half a model. */
  private static final String TOGETHER =
      "give both, convert MODEL.json NEW.keras --weights WEIGHTS.h5";

  private final String name;
  private final byte[] bytes;
  private final @Nullable ZipArchive archive;
  private Replacements others = Replacements.NONE;

  /** Takes a file's bytes, which are kept, and the name that it has in messages. */
  ModelReader(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
    boolean zip = bytes.length >= 2 && bytes[0] == 'P' && bytes[1] == 'K';
    archive = zip ? checked(() -> ZipArchive.of(bytes, name)) : null;
  }

  /** Reads a file's bytes. */
  static ModelReader of(Path path) {
    try {
      return new ModelReader(path.toString(), Storage.disk().read(path));
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(path + ": there is no such file", e);
    } catch (IOException e) {
      throw new ModelFormatException(path + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private static <T> T checked(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (ArchiveException e) {
      throw new ModelFormatException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Lets other layers stand in the place of some of the file's. */
  ModelReader with(Replacements layers) {
    others = layers;
    return this;
  }

  /** Returns the whole model. */
  SavedModel model() {
    return named(this::unnamed);
  }

  /** Returns the model that this file describes in JSON, with the weights that another has. */
  SavedModel model(ModelReader weights) {
    Config config = named(this::json);
    String told = config.stringOrNull("keras_version");
    boolean third = told == null && config.has("module"); // Keras 3 says no version there
    String version = third ? SavedModel.KERAS_VERSION : told == null ? "" : told;
    Draft draft = named(() -> draft(config, version));
    List<float[]> values = weights.weights(draft.spec(), draft.models());
    OptimizerState fresh = new OptimizerState(List.of(), 0, null);
    return draft.model(values, _ -> fresh, new Origin(version, ""));
  }

  private Config json() {
    if (archive != null || Hdf5.isHdf5(bytes)) {
      throw new ModelFormatException(
          "expected the JSON of model.to_json(), found a file of Keras's that has weights itself");
    }
    return new Config(name, StrictJson.object(bytes, name));
  }

  private <T> T named(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (ModelFormatException e) {
      // Layer and key are found where nobody knows the file, and a command may be given several.
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(Printable.of(name))
          ? e
          : new ModelFormatException(name + ": " + message, e);
    }
  }

  private SavedModel unnamed() {
    if (archive != null) {
      return archived(archive);
    }
    if (!Hdf5.isHdf5(bytes)) {
      boolean json = bytes.length > 0 && bytes[0] == '{';
      throw new ModelFormatException(
          name
              + ": expected a .keras archive or an .h5 file, found "
              + (json
                  ? "JSON, which has no weights; " + TOGETHER
                  : "neither a zip nor an HDF5 file"));
    }
    return legacy();
  }

  /** Returns the weights alone, for a model that is known already. */
  List<float[]> weights(ModelSpec spec, List<NestedModel> models) {
    byte[] content = archive == null ? bytes : member(archive, KerasFile.WEIGHTS);
    try (Hdf5 file = Hdf5.of(content, name)) {
      LegacyReader legacy = new LegacyReader(file, name);
      List<float[]> weights =
          legacy.applies()
              ? legacy.weights(spec, models)
              : new WeightsReader(file, name).weights(spec, models);
      int fault = Parameters.initial(weights).firstNotFinite();
      if (fault >= 0) {
        throw new ModelFormatException(
            name
                + ": array "
                + fault
                + " of the weights ("
                + spec.parameters().get(fault).name()
                + ") has values that are NaN or infinite");
      }
      return weights;
    }
  }

  private SavedModel archived(ZipArchive from) {
    Origin origin = origin(from);
    Config config = parsed(member(from, KerasFile.CONFIG), KerasFile.CONFIG);
    Draft draft = draft(config, origin.kerasVersion());
    ModelSpec spec = draft.spec();
    String label = name + ": " + KerasFile.WEIGHTS;
    try (Hdf5 file = Hdf5.of(member(from, KerasFile.WEIGHTS), label)) {
      WeightsReader reader = new WeightsReader(file, label);
      return draft.model(reader.weights(spec, draft.models()), reader::optimizer, origin);
    }
  }

  /** Returns what makes the ids of tokens that the model takes, if it stands in front of it. */
  TextVectorization text() {
    return named(
        () -> {
          if (archive == null) {
            throw new ModelFormatException(
                "expected a .keras archive, which a TextVectorization needs for its vocabulary");
          }
          TextFront front =
              TextFront.ofOrNull(parsed(member(archive, KerasFile.CONFIG), KerasFile.CONFIG));
          if (front == null) {
            throw new ModelFormatException(
                "has no TextVectorization in front of the model, which would take texts");
          }
          return TextConfig.read(front.layer(), () -> vocabulary(archive));
        });
  }

  private static String vocabulary(ZipArchive from) {
    for (String member : TextConfig.MEMBERS) {
      if (from.names().contains(member)) {
        return decoded(member(from, member));
      }
    }
    throw new ModelFormatException("has no file " + TextConfig.MEMBERS.getFirst());
  }

  private Draft draft(Config config, String version) {
    Config compile =
        config.has("compile_config") ? config.child("compile_config").at("compile_config") : null;
    return new Draft(SecondKeras.translated(config, version), compile, others);
  }

  /** Keras reads archives without it too. */
  private Origin origin(ZipArchive from) {
    if (!from.names().contains(KerasFile.METADATA)) {
      return new Origin("", "");
    }
    Config metadata = parsed(member(from, KerasFile.METADATA), KerasFile.METADATA);
    String version = metadata.stringOrNull("keras_version");
    String date = metadata.stringOrNull("date_saved");
    return new Origin(version == null ? "" : version, date == null ? "" : date);
  }

  private SavedModel legacy() {
    try (Hdf5 file = Hdf5.of(bytes, name)) {
      LegacyReader legacy = new LegacyReader(file, name);
      String config = legacy.text("model_config");
      if (config == null) {
        throw new ModelFormatException(
            name
                + ": holds weights without a model; build the model and take the weights alone"
                + " (--init), or "
                + TOGETHER);
      }
      String training = legacy.text("training_config");
      String version = legacy.text("keras_version");
      Origin origin = new Origin(version == null ? "" : version, "");
      Draft draft =
          new Draft(
              SecondKeras.translated(parsed(utf8(config), "model_config"), origin.kerasVersion()),
              training == null
                  ? null
                  : parsed(utf8(training), "training_config").at("training_config"),
              others);
      ModelSpec spec = draft.spec();
      return draft.model(legacy.weights(spec, draft.models()), legacy::optimizer, origin);
    }
  }

  private static String decoded(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ModelFormatException("the vocabulary is not UTF-8", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] member(ZipArchive from, String member) {
    return checked(() -> from.read(member, MOST_EXPANSION));
  }

  private Config parsed(byte[] json, String what) {
    String where = name + ": " + what;
    return new Config(where, StrictJson.object(json, where));
  }
}
