package dev.lanewise.engine.keras;

import dev.lanewise.engine.archive.ArchiveException;
import dev.lanewise.engine.archive.SoundZip;
import dev.lanewise.engine.archive.ZipArchive;
import dev.lanewise.engine.archive.ZipEdits;
import dev.lanewise.engine.fuzz.Corpus;
import dev.lanewise.engine.fuzz.Edits;
import dev.lanewise.engine.fuzz.FuzzTarget;
import dev.lanewise.engine.fuzz.JsonEdits;
import java.util.Arrays;
import java.util.List;

/** {@code .keras} files whose checksums are right. */
public final class ArchiveTarget {
  /** In an archive that stands for two files, whatever is given for the one of JSON. */
  private static final String JSON = "model.json";

  /** What a member may unpack to, and its parts as objects. */
  public static final FuzzTarget<SavedModel> TARGET =
      new FuzzTarget<>(
          "keras",
          ArchiveTarget::read,
          List.of(ModelFormatException.class),
          16 << 20,
          2 * 64 * 100,
          LegacyTarget::isPlanted,
          Edits.of(ArchiveTarget.class, ZipEdits.of(ArchiveTarget::edited)));

  private ArchiveTarget() {}

  /** Called by the fuzzer, once. */
  public static void fuzzerInitialize() {
    Corpus.warmUp(TARGET, ArchiveTarget.class);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    TARGET.run(file);
  }

  /** As one file, and as the two that a model may come in: the weights must be the same. */
  private static SavedModel read(byte[] file) {
    byte[] sound = SoundZip.of(file);
    ModelReader whole = new ModelReader("some.keras", sound);
    if (sound.length < 2 || sound[0] != 'P' || sound[1] != 'K') {
      return whole.model();
    }
    ZipArchive archive = ZipArchive.of(sound, "some.zip");
    if (archive.names().contains(JSON)) {
      return part(archive, JSON).model(part(archive, KerasFile.WEIGHTS));
    }
    SavedModel model = whole.model();
    SavedModel apart = part(archive, KerasFile.CONFIG).model(part(archive, KerasFile.WEIGHTS));
    if (!Arrays.deepEquals(values(model), values(apart))) {
      throw new AssertionError("a model has other weights in two files than in one");
    }
    return model;
  }

  private static ModelReader part(ZipArchive archive, String member) {
    try {
      return new ModelReader(member, archive.read(member, 100));
    } catch (ArchiveException e) {
      throw new ModelFormatException(String.valueOf(e.getMessage()), e);
    }
  }

  private static float[][] values(SavedModel model) {
    return model.parameters().values().toArray(float[][]::new);
  }

  private static byte[] edited(String name, byte[] member, List<byte[]> edits) {
    return name.endsWith(".json")
        ? JsonEdits.edited(member, edits)
        : Hdf5Edits.edited(member, edits);
  }
}
