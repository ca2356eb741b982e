package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each function does is held against Keras 2 by {@link DrawnModelsTest}. */
class TensorFlowOperationTest {
  private static JsonObject entry(String type, String function, String calls) {
    String entry =
        """
        {"class_name": "%s", "config": {"name": "tf.op", "function": "%s"}, "name": "tf.op",
         "inbound_nodes": %s}\
        """;
    return JsonParser.parseString(entry.formatted(type, function, calls)).getAsJsonObject();
  }

  private static JsonObject translated(String function, String calls) {
    return TensorFlowOperation.translated(entry("TFOpLambda", function, calls));
  }

  /** What a function is called with, after its first argument, may be a value or say how. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "math.reduce_sum | [['x',0,0,{'axis':1,'keepdims':null}]] | Sum | [['x',0,0]] | 'axis':1,",
        "math.multiply | [['_CONSTANT_VALUE',-1,2.5,{'y':['x',0,1]}]] | Multiply | [2.5,['x',0,1]]"
            + " | ``",
        "math.subtract | [['x',0,0,{'y':3,'name':'n'}]] | Subtract | [['x',0,0],3] | ``",
        "concat | [[['x',0,0,{'axis':-1}],['y',1,0,{'axis':-1}]]] | Concatenate |"
            + " [[['x',0,0],['y',1,0]]] | 'axis':-1,",
        "reshape | [['x',0,0,{'shape':[-1,4]}]] | Reshape | [['x',0,0]] | 'newshape':[-1,4],",
        "nn.gelu | [['x',0,0,{}]] | Gelu | [['x',0,0]] | 'approximate':false,",
        "nn.gelu | [['x',0,0,{'approximate':true}]] | Gelu | [['x',0,0]] | 'approximate':true,",
      })
  void isAnOperationOfKeras3(
      String function, String calls, String type, String arguments, String settings) {
    assertThat(translated(function, calls).toString())
        .isEqualTo(
            ("{'module':'keras.src.ops.numpy','class_name':'%s','config':{%s'name':'tf.op'},"
                    + "'registered_name':null,'name':'tf.op',"
                    + "'inbound_nodes':[{'args':%s,'kwargs':{}}]}")
                .formatted(type, settings, arguments)
                .replace('\'', '"'));
  }

  @Test
  void slicesHaveTheirEnds() {
    String calls = "[['x',0,0,{'slice_spec':[{'start':null,'stop':null,'step':2},-1]}]]";
    JsonObject slice = entry("SlicingOpLambda", "__operators__.getitem", calls);
    assertThat(TensorFlowOperation.translated(slice).toString())
        .contains("\"class_name\":\"GetItem\"")
        .contains(
            "[{\"class_name\":\"__slice__\",\"config\":"
                + "{\"start\":null,\"stop\":null,\"step\":2}},-1]");
  }

  @Test
  void otherFunctionsAreRefusedByName() {
    assertThatThrownBy(() -> translated("einsum", "[['x',0,0,{}]]"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(
            "layer tf.op (TFOpLambda): function einsum is not supported; __operators__.add, ");
  }

  /** A file may say anything. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "{}",
        "[1]",
        "[[]]",
        "[['x',0,0]]",
        "[['x',0,0,1]]",
        "[['x',0,0,{}]]",
        "[[[]]]",
        "[[['x',0,0,{'y':1}],1]]",
        "[[['x',0,0,{'y':1}],['x',0,0,2]]]",
      })
  void otherCallsAreRefused(String calls) {
    assertThatThrownBy(() -> translated("math.add", calls))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith("layer tf.op (TFOpLambda): key inbound_nodes must be ");
  }
}
