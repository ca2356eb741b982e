package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.ActivationLayer;
import dev.lanewise.engine.layer.Elu;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LeakyRelu;
import dev.lanewise.engine.layer.Prelu;
import dev.lanewise.engine.layer.Relu;
import dev.lanewise.engine.layer.UnitNormalization;
import java.util.ArrayList;
import java.util.List;
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

  @Test
  void whatElseARectifierIsToldIsALayer() {
    assertThat(read("ReLU", "\"max_value\":5,\"negative_slope\":0.5,\"threshold\":0.25"))
        .isEqualTo(new Relu(5.0, 0.5, 0.25));
    assertThat(read("ReLU", "\"threshold\":0.5")).isEqualTo(new Relu(null, 0, 0.5));
    assertThat(read("PReLU", "\"shared_axes\":[1]")).isEqualTo(new Prelu(List.of(1)));
    assertThat(read("UnitNormalization", "\"axis\":-1")).isEqualTo(new UnitNormalization());
    assertThat(read("UnitNormalization", "\"axis\":[1,2]"))
        .isEqualTo(new UnitNormalization(List.of(1, 2)));
    assertThat(read("ELU", "\"alpha\":0.5")).isEqualTo(new Elu(0.5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ReLU | 'max_value':-5 | maxValue, negativeSlope and threshold must be 0 or more",
        "PReLU | 'shared_axes':[0] | key shared_axes must be a whole number from 1",
        "PReLU | 'alpha_regularizer':{'class_name':'L2'} | key alpha_regularizer",
        "UnitNormalization | 'axis':0 | key axis must be axes of a sample",
        "Dense | 'units':2,'activation':{'class_name':'ReLU','config':{'max_value':5}} | a"
            + " max_value",
        "ELU | 'alpha':-0.5 | alpha must be 0 or more",
        "Softmax | 'axis':0 | key axis must be another axis than the batch's",
        "Dense | 'units':2,'activation':{'class_name':'LeakyReLU','config':{'negative_slope':0.5}}"
            + " | a slope of 0.2",
      })
  void allElseIsRefusedByKey(String type, String settings, String message) {
    assertThatThrownBy(() -> read(type, settings.replace('\'', '"')))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }

  private static Config softmaxBehindAMask(String between) {
    String layers =
        "[{'class_name':'Masking','config':{'name':'m','batch_input_shape':[null,3,2]}},"
            + between
            + "{'class_name':'Softmax','config':{'name':'s','axis':-1}}]";
    JsonArray list = JsonParser.parseString(layers.replace('\'', '"')).getAsJsonArray();
    JsonObject config = new JsonObject();
    config.add("layers", list);
    return new Config("model", entry("Sequential", config));
  }

  /** To Keras its mask is then which features to leave out. */
  @Test
  void softmaxOfAMaskedSequenceIsRefused() {
    Config ended =
        softmaxBehindAMask("{'class_name':'Permute','config':{'name':'p','dims':[2,1]}},");
    assertThat(ModelConfig.read(ended).graph().layers()).hasSize(3);
    Config model = softmaxBehindAMask("");
    assertThatThrownBy(() -> ModelConfig.read(model))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(
            "layer s (Softmax): of a masked sequence is not supported; Activation is");
  }
}
