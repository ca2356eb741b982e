package dev.lanewise.engine.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.engine.keras.SavedModel.Obstacle;
import dev.lanewise.engine.layer.ActivityRegularization;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.Graph.Node;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Regularizer;
import dev.lanewise.engine.layer.TimeDistributed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The key {@code activity_regularizer} of files, which becomes a layer of its own. */
class ActivityFilesTest {
  private static final String L2 =
      "'activity_regularizer':{'module':'keras.regularizers','class_name':'L2','config':{'l2':0.5}}";
  private static final Layer PENALTY = ActivityRegularization.l2(0.5);

  private static String layer(String type, String name, String settings) {
    return "{'class_name':'" + type + "','config':{'name':'" + name + "'," + settings + "}}";
  }

  private static String dense(String name, String settings) {
    return layer("Dense", name, "'units':2" + settings);
  }

  private static String sequential(String name, String... layers) {
    return "{'class_name':'Sequential','config':{'name':'"
        + name
        + "','layers':["
        + String.join(",", layers)
        + "]}}";
  }

  private static ModelConfig stack(String... layers) {
    String[] all = new String[layers.length + 1];
    all[0] = layer("InputLayer", "x", "'batch_shape':[null,4,3]");
    System.arraycopy(layers, 0, all, 1, layers.length);
    String json = sequential("model", all).replace('\'', '"');
    return ModelConfig.read(
        new Config("model", StrictJson.object(json.getBytes(StandardCharsets.UTF_8), "model")));
  }

  private static List<String> reasons(ModelConfig model) {
    return model.obstacles().stream().map(Obstacle::reason).toList();
  }

  @Test
  void aLayerOfItsOwnFollows() {
    ModelConfig model = stack(dense("first", "," + L2), dense("second", ""));
    assertThat(reasons(model)).isEmpty();
    assertThat(model.graph().layers()).containsExactly(Dense.of(2), PENALTY, Dense.of(2));
    assertThat(model.graph().isChain()).isTrue();
    assertThat(model.layerNames())
        .containsExactly("first", "first_activity_regularization", "second");
  }

  @Test
  void itFollowsEachCallOfALayer() {
    String twice =
        "{'class_name':'Functional','config':{'name':'model','layers':["
            + layer("InputLayer", "x", "'batch_shape':[null,2]")
                .replace("}}", "},'name':'x','inbound_nodes':[]}")
            + ","
            + dense("twice", "," + L2).replaceFirst("\\}$", "")
            + ",'name':'twice','inbound_nodes':[[['x',0,0,{}]],[['twice',0,0,{}]]]}"
            + "],'input_layers':[['x',0,0]],'output_layers':[['twice',1,0]]}}";
    ModelConfig model =
        ModelConfig.read(
            new Config(
                "model",
                StrictJson.object(
                    twice.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "model")));
    assertThat(model.graph().layers()).containsExactly(Dense.of(2), PENALTY);
    assertThat(model.graph().nodes())
        .containsExactly(
            new Node(0, List.of(0)),
            new Node(1, List.of(1)),
            new Node(0, List.of(2)),
            new Node(1, List.of(3)));
    assertThat(model.graph().outputs()).containsExactly(4);
    assertThat(reasons(model)) // a layer more, and Keras has another order of weights
        .singleElement()
        .asString()
        .contains("activity_regularizer of layers that branch");
  }

  /** Keras calls what TimeDistributed holds so that its penalty is never asked for. */
  @Test
  void itDoesNothingWithinTimeDistributed() {
    String inner = "'layer':" + dense("inner", "," + L2);
    ModelConfig model = stack(layer("TimeDistributed", "each", inner));
    assertThat(reasons(model)).isEmpty();
    assertThat(model.graph().layers()).containsExactly(new TimeDistributed(Dense.of(2)));
    ModelConfig outer = stack(layer("TimeDistributed", "each", inner + "," + L2));
    assertThat(outer.graph().layers()).containsExactly(new TimeDistributed(Dense.of(2)), PENALTY);
    String penalty = layer("ActivityRegularization", "inner", "'l1':0.0,'l2':0.5");
    assertThat(reasons(stack(layer("TimeDistributed", "each", "'layer':" + penalty))))
        .singleElement()
        .asString()
        .contains("does nothing in Keras");
  }

  @Test
  void aModelAtEachStepHasIt() {
    String inner = "'layer':" + sequential("inner", dense("first", "," + L2));
    ModelConfig model = stack(layer("TimeDistributed", "each", inner));
    assertThat(reasons(model)).isEmpty();
    assertThat(model.graph().layers())
        .containsExactly(new TimeDistributed(Dense.of(2)), new TimeDistributed(PENALTY));
  }

  @Test
  void whatIsNotSupportedOnlyPredicts() {
    String lstm = "'units':2,'return_sequences':true";
    String two = "'layer':" + layer("LSTM", "one", lstm + "," + L2);
    assertThat(reasons(stack(layer("Bidirectional", "both", two))))
        .singleElement()
        .asString()
        .contains("one", "activity_regularizer");
    assertThat(reasons(stack(dense("first", ",'activity_regularizer':'mine'"))))
        .singleElement()
        .asString()
        .contains("first", "activity_regularizer");
  }

  /** Keras penalizes the states, too, which nobody may read. */
  @Test
  void aLayerOfSeveralValuesOnlyPredicts() {
    ModelConfig model = stack(layer("LSTM", "one", "'units':2,'return_state':true," + L2));
    assertThat(reasons(model))
        .singleElement()
        .asString()
        .isEqualTo(
            "layer one: gives several values, a penalty on all of which is supported in prediction"
                + " alone");
    assertThat(model.graph().layers()).hasSize(1);
    assertThat(model.layerNames()).containsExactly("one");
  }

  @Test
  void weightsOfZeroAreNone() {
    assertThat(stack(dense("first", "," + L2.replace("0.5", "0.0"))).graph().layers())
        .containsExactly(Dense.of(2));
  }

  @Test
  void theLayerIsRead() {
    ModelConfig model = stack(layer("ActivityRegularization", "it", "'l1':0.25,'l2':0.5"));
    assertThat(model.graph().layers())
        .containsExactly(new ActivityRegularization(new Regularizer(0.25, 0.5)));
  }

  @Test
  void aNameThatIsTakenIsRefused() {
    assertThatThrownBy(
            () -> stack(dense("first", "," + L2), dense("first_activity_regularization", "")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("has two layers named");
  }
}
