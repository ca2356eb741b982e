package dev.lanewise.engine.keras;

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
    SavedModel model = new ModelReader("some.keras", sound).model();
    if (sound.length > 1 && sound[0] == 'P') {
      SavedModel apart = part(sound, KerasFile.CONFIG).model(part(sound, KerasFile.WEIGHTS));
      if (!Arrays.deepEquals(values(model), values(apart))) {
        throw new AssertionError("a model has other weights in two files than in one");
      }
    }
    return model;
  }

  private static ModelReader part(byte[] archive, String member) {
    return new ModelReader(member, ZipArchive.of(archive, "some.keras").read(member, 100));
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
