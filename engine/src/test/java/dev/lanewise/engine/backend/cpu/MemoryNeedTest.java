package dev.lanewise.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.lanewise.engine.backend.ModelSpec;
import dev.lanewise.engine.backend.Plan;
import dev.lanewise.engine.backend.PlanOptions;
import dev.lanewise.engine.backend.Predictor;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.AveragePooling1D;
import dev.lanewise.engine.layer.BatchNormalization;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.ConvTranspose;
import dev.lanewise.engine.layer.Cropping1D;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.DepthwiseConv;
import dev.lanewise.engine.layer.GlobalAveragePooling1D;
import dev.lanewise.engine.layer.GlobalMaxPooling1D;
import dev.lanewise.engine.layer.GroupNormalization;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.LayerNormalization;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.PictureWindow;
import dev.lanewise.engine.layer.RecurrentKind;
import dev.lanewise.engine.layer.RecurrentOptions;
import dev.lanewise.engine.layer.RepeatVector;
import dev.lanewise.engine.layer.Rescaling;
import dev.lanewise.engine.layer.Reshape;
import dev.lanewise.engine.layer.Rnn;
import dev.lanewise.engine.layer.SeparableConv;
import dev.lanewise.engine.layer.SimpleRnn;
import dev.lanewise.engine.layer.SlidingWindow;
import dev.lanewise.engine.layer.SparseConvolution;
import dev.lanewise.engine.layer.SpatialDropout;
import dev.lanewise.engine.layer.UnitNormalization;
import dev.lanewise.engine.layer.UpSampling1D;
import dev.lanewise.engine.layer.ZeroPadding1D;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.tensor.InsufficientMemoryException;
import dev.lanewise.engine.tensor.Shape;
import dev.lanewise.engine.train.Model;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryNeedTest {
  private static final long MOST_HEAP = 8 << 20;

  private final CpuBackend backend = new CpuBackend();

  private static ModelSpec model(int steps) {
    return new ModelSpec(
        Shape.of(steps, 3),
        List.of(
            SimpleRnn.of(5).returningSequences(),
            SimpleRnn.of(4).goingBackwards().returningSequences(),
            Dense.of(6),
            SimpleRnn.of(7),
            Dense.of(2, Activation.SOFTMAX)),
        Loss.CATEGORICAL_CROSSENTROPY,
        Adam.withDefaults());
  }

  private static ModelSpec gated(int steps) {
    return new ModelSpec(
        Shape.of(steps, 3),
        List.of(
            Lstm.of(5).returningSequences(),
            Gru.of(4).goingBackwards().returningSequences(),
            Gru.of(6).resettingBefore().withActivation(Activation.SILU).returningSequences(),
            Lstm.of(7).withRecurrentActivation(Activation.SILU)),
        Loss.MEAN_SQUARED_ERROR,
        Adam.withDefaults());
  }

  private static ModelSpec dropping(int steps) {
    return new ModelSpec(
        Shape.of(steps, 3),
        List.of(
            SimpleRnn.of(5).returningSequences().withDropout(0.25, 0),
            Bidirectional.of(Lstm.of(4).returningSequences().withDropout(0, 0.25)),
            Gru.of(6).goingBackwards().returningSequences().withDropout(0.25, 0.25),
            Gru.of(7).resettingBefore().withDropout(0.25, 0.25)),
        Loss.MEAN_SQUARED_ERROR,
        Adam.withDefaults());
  }

  private static ModelSpec windows(int steps) {
    return new ModelSpec(
        Shape.of(steps, 3),
        List.of(
            Rescaling.of(2),
            Conv1D.of(5, 4).withPadding(Padding.CAUSAL).withActivation(Activation.SILU),
            new ZeroPadding1D(2, 1),
            MaxPooling1D.of(2),
            LayerNormalization.withDefaults(),
            new UpSampling1D(3),
            new Cropping1D(1, 1),
            AveragePooling1D.of(3).withPadding(Padding.SAME),
            Permute.turning(),
            new GlobalAveragePooling1D(true),
            new GlobalMaxPooling1D(false)),
        Loss.MEAN_SQUARED_ERROR,
        Adam.withDefaults());
  }

  private static ModelSpec normalized(int steps) {
    return new ModelSpec(
        Shape.of(steps, 3),
        List.of(
            LayerNormalization.withDefaults().withAxes(1),
            BatchNormalization.withDefaults().withAxis(1),
            GroupNormalization.of(3),
            new UnitNormalization(List.of(1)),
            GroupNormalization.of(1).withAxis(1),
            LayerNormalization.withDefaults().withAxes(1, 2)),
        Loss.MEAN_SQUARED_ERROR,
        Adam.withDefaults());
  }

  private static ModelSpec convolving(int steps) {
    ConvLstm layer = ConvLstm.of(5, SlidingWindow.of(3)).returningSequences();
    return new ModelSpec(
        Shape.of(steps, 4, 3),
        List.of(
            layer.with(layer.options().withDropout(0.25, 0.25)),
            ConvLstm.of(3, SlidingWindow.of(2))),
        Loss.MEAN_SQUARED_ERROR,
        Adam.withDefaults());
  }

  private static ModelSpec sparse(int steps) {
    PictureWindow window = PictureWindow.of(2);
    return new ModelSpec(
        Shape.of(steps, 3, 2),
        List.of(
            DepthwiseConv.of(window.withPadding(Padding.SAME)),
            new SpatialDropout(0.25, 2),
            ConvTranspose.of(3, window.withStrides(1, 2)),
            SeparableConv.of(4, window)),
        Loss.MEAN_SQUARED_ERROR,
        Adam.withDefaults());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 127, 128, 129, 300, 1001})
  void whatIsForetoldIsWhatIsTaken(int steps) {
    for (ModelSpec model :
        List.of(
            model(steps),
            gated(steps),
            dropping(steps),
            windows(steps),
            normalized(steps),
            convolving(steps),
            sparse(steps))) {
      for (int batch : new int[] {1, 7, 150}) {
        PlanOptions options = new PlanOptions(batch, 3);
        try (Plan plan = backend.compile(model, options)) {
          assertThat(backend.planBytes(model, options)).isEqualTo(plan.bytes());
        }
      }
    }
  }

  static List<Layer> layersOfManyViews() {
    Activation ofSums = Activation.SILU; // a derivative that is taken at copies of the sums
    List<Layer> layers = new ArrayList<>(List.of(Dense.of(4)));
    for (RecurrentKind kind : RecurrentKind.values()) {
      layers.add(kind.last(4));
      layers.add(kind.of(4, ofSums, RecurrentOptions.DEFAULTS.returningSequences()));
    }
    layers.add(Rnn.of(Gru.of(4), Lstm.of(4)));
    layers.add(Conv1D.of(4, 3).withActivation(ofSums));
    layers.add(Conv1D.of(4, 31).withStrides(2)); // neighbours that do not see neighbours
    layers.add(MaxPooling1D.of(2));
    layers.add(AveragePooling1D.of(1));
    layers.add(GlobalMaxPooling1D.withDefaults());
    layers.add(GlobalAveragePooling1D.withDefaults());
    layers.add(LayerNormalization.withDefaults());
    layers.add(LayerNormalization.withDefaults().withAxes(1));
    layers.add(LayerNormalization.withDefaults().withAxes(1, 2));
    layers.add(GroupNormalization.of(1));
    layers.add(BatchNormalization.withDefaults().withAxis(1));
    layers.add(new UnitNormalization(List.of(1)));
    layers.add(Rescaling.of(2));
    layers.add(ZeroPadding1D.of(1));
    layers.add(new Cropping1D(1, 0));
    layers.add(new UpSampling1D(3));
    layers.add(Permute.turning());
    layers.add(Lstm.of(4).withActivation(ofSums).withRecurrentActivation(ofSums));
    layers.add(Gru.of(4).resettingBefore().withDropout(0, 0.5));
    layers.add(Gru.of(4).withActivation(ofSums).withRecurrentActivation(ofSums));
    ConvLstm convolving = ConvLstm.of(4, SlidingWindow.of(3)).returningSequences();
    layers.add(convolving);
    layers.add(convolving.with(convolving.options().withDropout(0.5, 0.5)));
    layers.add(DepthwiseConv.of(PictureWindow.of(3)));
    layers.add(SeparableConv.of(4, PictureWindow.of(3)));
    layers.add(ConvTranspose.of(4, PictureWindow.tiles(2)));
    layers.add(new SpatialDropout(0.5, 2));
    return layers;
  }

  private static boolean isOfPictures(Layer layer) {
    return layer instanceof ConvLstm
        || layer instanceof SparseConvolution
        || layer instanceof SpatialDropout;
  }

  /** Between all of what is asked for and an eighth of it, so that it is no wild guess either. */
  @ParameterizedTest
  @MethodSource("layersOfManyViews")
  void theHeapThatIsAskedForHoldsTheViewsOfAPlansSteps(Layer layer) {
    Shape input = isOfPictures(layer) ? Shape.of(60, 60, 3) : Shape.of(3_600, 3);
    ModelSpec model =
        new ModelSpec(input, List.of(layer), Loss.MEAN_SQUARED_ERROR, Adam.withDefaults());
    long before = usedHeap();
    try (Plan plan = backend.compile(model, new PlanOptions(25, 1))) {
      long taken = usedHeap() - before;
      assertThat(plan.bytes()).isPositive(); // and so is not collected yet
      long asked = MemoryNeed.heap(model, 1);
      assertThat(taken).isBetween(asked / 8, asked);
    }
  }

  /** What a collection lets go of may free more in the next. */
  private static long usedHeap() {
    long used = Long.MAX_VALUE;
    for (long now = usedAfterCollection(); now < used; now = usedAfterCollection()) {
      used = now;
    }
    return used;
  }

  private static long usedAfterCollection() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void manyStepsAreCountedWithoutBuildingThem() {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    PlanOptions options = new PlanOptions(150, 2);
    backend.planBytes(model(1000), options); // classes are loaded by now
    long before = bean.getCurrentThreadAllocatedBytes();
    assertThat(backend.planBytes(model(1 << 24), options)).isGreaterThan(100L << 30);
    assertThat(bean.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_HEAP);
  }

  @Test
  void stepsBeyondTheMemoryAreRefusedBeforeTheyAreBuilt() {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = bean.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> backend.compile(model(1 << 24), new PlanOptions(150, 2)))
        .isInstanceOf(InsufficientMemoryException.class);
    try (Model small =
        Model.sequential(Shape.of(1 << 24, 1), SimpleRnn.of(1))
            .compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR)) {
      assertThatThrownBy(small::predictor).isInstanceOf(InsufficientMemoryException.class);
    }
    assertThat(bean.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_HEAP);
  }

  @Test
  void viewsBeyondTheHeapAreRefusedWhereTheirBytesWouldFit() {
    ModelSpec narrow =
        new ModelSpec(
            Shape.of(1 << 24, 1),
            List.of(SimpleRnn.of(1)),
            Loss.MEAN_SQUARED_ERROR,
            Adam.withDefaults());
    long most = Runtime.getRuntime().maxMemory() / 2;
    int rooms = (int) (most / MemoryNeed.heap(narrow, 1)) + 1;
    assertThatThrownBy(() -> MemoryNeed.requireRoom("a plan", narrow, 0, rooms))
        .isInstanceOf(InsufficientMemoryException.class)
        .hasMessageContaining("of heap for its steps")
        .hasMessageContaining("raise -Xmx");
    MemoryNeed.requireRoom("a plan", narrow, 0, rooms - 1);
    MemoryNeed.requireRoom("a plan", gated(28), 0, 2);
  }

  @Test
  void aPredictorOfManyStepsHoldsWhatAShortOneLeadsToExpect() {
    try (Predictor one = predictor(300);
        Predictor two = predictor(301);
        Predictor three = predictor(302)) {
      assertThat(three.bytes() - two.bytes()).isEqualTo(two.bytes() - one.bytes());
    }
  }

  private Predictor predictor(int steps) {
    try (Model model = Model.sequential(Shape.of(steps, 3), SimpleRnn.of(4))) {
      model.compile(Adam.withDefaults(), Loss.MEAN_SQUARED_ERROR);
      return model.predictor();
    }
  }

  /** Its target would not fit a model of other steps, by which others are counted. */
  @Test
  void aReshapeOfManyStepsIsCountedAsItIs() {
    ModelSpec reshaped =
        new ModelSpec(
            Shape.of(300, 2),
            List.of(Reshape.to(200, 3), Lstm.of(4)),
            Loss.MEAN_SQUARED_ERROR,
            Adam.withDefaults());
    PlanOptions options = new PlanOptions(8, 1);
    try (Plan plan = backend.compile(reshaped, options)) {
      assertThat(plan.bytes()).isEqualTo(backend.planBytes(reshaped, options));
    }
  }

  @Test
  void stepsThatALayerAddsAreRefusedBeforeTheyAreBuilt() {
    ModelSpec endless =
        new ModelSpec(
            Shape.of(2),
            List.of(new RepeatVector(1 << 28), Lstm.of(4)),
            Loss.MEAN_SQUARED_ERROR,
            Adam.withDefaults());
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = bean.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> backend.compile(endless, new PlanOptions(8, 1)))
        .isInstanceOf(InsufficientMemoryException.class);
    assertThat(bean.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_HEAP);
  }
}
