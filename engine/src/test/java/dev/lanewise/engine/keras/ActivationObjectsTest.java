package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LeakyRelu;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers that are activations: what an activation does is read as one, all else is refused. */
class ActivationObjectsTest {
  private static Layer read(String type, String settings) {
    JsonObject config =
        JsonParser.parseString("{\"name\":\"f\"," + settings + "}").getAsJsonObject();
    return LayerConfig.read(new Config("f", entry(type, config)), new ArrayList<>()).layer();
  }

  private static JsonObject entry(String type, JsonObject config) {
    JsonObject entry = new JsonObject();
    entry.addProperty("module", "keras.layers");
    entry.addProperty("class_name", type);
    entry.add("config", config);
    return entry;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ReLU | 'max_value':null,'negative_slope':0.0,'threshold':0.0 | RELU",
        "ReLU | 'max_value':6 | RELU6",
        "ELU | 'alpha':1.0 | ELU",
        "Softmax | 'axis':-1 | SOFTMAX",
        "Softmax | 'axis':[-1] | SOFTMAX",
        "Identity | 'trainable':true | LINEAR",
      })
  void whatAnActivationDoesIsOne(String type, String settings, Activation expected) {
    assertThat(read(type, settings.replace('\'', '"'))).isEqualTo(new ActivationLayer(expected));
  }

  @Test
  void aSlopeIsALeak() {
    assertThat(read("ReLU", "\"negative_slope\":0.25")).isEqualTo(new LeakyRelu(0.25));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ReLU | 'max_value':5 | key max_value must be 6 or null",
        "ReLU | 'threshold':0.5 | key threshold must be 0",
        "ReLU | 'max_value':6,'negative_slope':0.5 | key negative_slope must be 0",
        "ELU | 'alpha':0.5 | key alpha must be 1",
        "Softmax | 'axis':1 | key axis must be -1",
        "Dense | 'units':2,'activation':{'class_name':'LeakyReLU','config':{'negative_slope':0.5}}"
            + " | a slope of 0.2",
      })
  void allElseIsRefusedByKey(String type, String settings, String message) {
    assertThatThrownBy(() -> read(type, settings.replace('\'', '"')))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }

  /** To Keras its mask is then which features to leave out. */
  @Test
  void softmaxOverMaskedSequencesIsRefused() {
    String layers =
        "[{'class_name':'Masking','config':{'name':'m','batch_input_shape':[null,3,2]}},"
            + "{'class_name':'Softmax','config':{'name':'s','axis':-1}}]";
    JsonArray list = JsonParser.parseString(layers.replace('\'', '"')).getAsJsonArray();
    JsonObject config = new JsonObject();
    config.add("layers", list);
    Config model = new Config("model", entry("Sequential", config));
    assertThatThrownBy(() -> ModelConfig.read(model))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("layer s (Softmax): over sequences in a model with masks");
  }
}
