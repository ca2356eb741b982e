package dev.lanewise.engine.keras;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import dev.lanewise.engine.archive.ZipWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The three members of a {@code .keras} archive, written. */
final class ArchiveWriter {
  private ArchiveWriter() {}

  /** Returns the archive's bytes. */
  static byte[] bytes(SavedModel model) {
    JsonObject metadata = new JsonObject();
    metadata.addProperty("keras_version", model.origin().kerasVersion());
    metadata.addProperty("date_saved", model.origin().dateSaved());
    Map<String, byte[]> members = new LinkedHashMap<>();
    members.put(KerasFile.METADATA, json(metadata));
    members.put(KerasFile.CONFIG, json(ModelConfig.write(model)));
    members.put(KerasFile.WEIGHTS, weights(model));
    return ZipWriter.bytes(members);
  }

  /** Returns the bytes of the member with the variables, which is a file of its own, too. */
  static byte[] weights(SavedModel model) {
    return WeightsWriter.bytes(model);
  }

  private static byte[] json(JsonObject object) {
    return new GsonBuilder()
        .serializeNulls()
        .disableHtmlEscaping()
        .create()
        .toJson(object)
        .getBytes(StandardCharsets.UTF_8);
  }
}
