package dev.lanewise.spark;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.keras.ModelFormatException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What stands beside a saved model: Spark ML's keys, by which a {@code PipelineModel} finds the
 * class that reads it, and under {@code lanewise} the version of the folder and the digest of the
 * Keras file.
 */
final class ModelMetadata {
  /** Counts up when an older version could not read the folder, or would read it wrongly. */
  private static final int FORMAT = 1;

  private static final String OURS = "lanewise";
  private static final String DIGEST = "sha256";

  private ModelMetadata() {}

  static ModelFolder.Content of(LanewiseModel model, String sparkVersion) {
    JsonObject params = new JsonObject();
    if (model.isSet(model.inputCols())) {
      params.add(model.inputCols().name(), array(model.getInputCols()));
    }
    if (model.isSet(model.outputCols())) {
      params.add(model.outputCols().name(), array(model.getOutputCols()));
    }
    if (model.isSet(model.batchSize())) {
      params.addProperty(model.batchSize().name(), model.getBatchSize());
    }
    JsonObject ours = new JsonObject();
    ours.addProperty("format", FORMAT);
    ours.addProperty(DIGEST, digest(model.keras()));
    JsonObject all = new JsonObject();
    all.addProperty("class", LanewiseModel.class.getName());
    all.addProperty("timestamp", System.currentTimeMillis());
    all.addProperty("sparkVersion", sparkVersion);
    all.addProperty("uid", model.uid());
    all.add("paramMap", params);
    all.add("defaultParamMap", new JsonObject());
    all.add(OURS, ours);
    return new ModelFolder.Content(new Gson().toJson(all), model.keras());
  }

  private static JsonArray array(String[] names) {
    JsonArray array = new JsonArray();
    Arrays.stream(names).forEach(array::add);
    return array;
  }

  /**
   * Returns the model that a folder holds.
   *
   * @throws ModelFormatException if it is of a later version, another class, or damaged
   */
  static LanewiseModel read(ModelFolder.Content content) {
    JsonObject all = object(parsed(content.metadata), "metadata");
    String type = element(all, "class").getAsString();
    if (!type.equals(LanewiseModel.class.getName())) {
      throw new ModelFormatException("holds a " + type + ", not a LanewiseModel");
    }
    JsonObject ours = object(element(all, OURS), OURS);
    int format = element(ours, "format").getAsInt();
    if (format != FORMAT) {
      throw new ModelFormatException(
          "was saved in format "
              + format
              + ", this version reads "
              + FORMAT
              + "; load it with the version that saved it, or a later one");
    }
    if (!element(ours, DIGEST).getAsString().equals(digest(content.model))) {
      throw new ModelFormatException(
          "the model is not the one that was saved, its digest is another: the folder is damaged");
    }
    String uid = element(all, "uid").getAsString();
    LanewiseModel model = LanewiseModel.ofKeras(uid, content.model);
    setAll(model, object(element(all, "paramMap"), "paramMap"));
    return model;
  }

  private static JsonElement parsed(String metadata) {
    try {
      return JsonParser.parseString(metadata);
    } catch (RuntimeException e) {
      throw new ModelFormatException("the metadata is no JSON: " + e.getMessage(), e);
    }
  }

  private static JsonObject object(JsonElement element, String name) {
    if (!element.isJsonObject()) {
      throw new ModelFormatException(name + " must be a JSON object, found " + element);
    }
    return element.getAsJsonObject();
  }

  private static JsonElement element(JsonObject object, String key) {
    JsonElement element = object.get(key);
    if (element == null) {
      throw new ModelFormatException("the metadata has no " + key);
    }
    return element;
  }

  private static void setAll(LanewiseModel model, JsonObject params) {
    for (Map.Entry<String, JsonElement> each : params.entrySet()) {
      JsonElement value = each.getValue();
      if (each.getKey().equals(model.inputCols().name())) {
        model.setInputCols(names(value));
      } else if (each.getKey().equals(model.outputCols().name())) {
        model.setOutputCols(names(value));
      } else if (each.getKey().equals(model.batchSize().name())) {
        model.setBatchSize(value.getAsInt());
      } else {
        throw new ModelFormatException("the metadata sets an unknown parameter, " + each.getKey());
      }
    }
  }

  private static String[] names(JsonElement value) {
    List<JsonElement> elements = value.getAsJsonArray().asList();
    return elements.stream().map(JsonElement::getAsString).toArray(String[]::new);
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
