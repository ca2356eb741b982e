package dev.lanewise.engine.train;

import dev.lanewise.engine.data.Dataset;
import dev.lanewise.engine.layer.Activation;
import dev.lanewise.engine.layer.Bidirectional;
import dev.lanewise.engine.layer.Concatenate;
import dev.lanewise.engine.layer.Conv1D;
import dev.lanewise.engine.layer.Conv2D;
import dev.lanewise.engine.layer.ConvLstm;
import dev.lanewise.engine.layer.ConvTranspose;
import dev.lanewise.engine.layer.Dense;
import dev.lanewise.engine.layer.DepthwiseConv;
import dev.lanewise.engine.layer.Flatten;
import dev.lanewise.engine.layer.GraphBuilder;
import dev.lanewise.engine.layer.GridPooling;
import dev.lanewise.engine.layer.Gru;
import dev.lanewise.engine.layer.Layer;
import dev.lanewise.engine.layer.Lstm;
import dev.lanewise.engine.layer.MaxPooling1D;
import dev.lanewise.engine.layer.Padding;
import dev.lanewise.engine.layer.Permute;
import dev.lanewise.engine.layer.PictureWindow;
import dev.lanewise.engine.layer.RecurrentOptions;
import dev.lanewise.engine.layer.SeparableConv;
import dev.lanewise.engine.layer.SpatialDropout;
import dev.lanewise.engine.layer.TimeDistributed;
import dev.lanewise.engine.loss.Loss;
import dev.lanewise.engine.optimizer.Adam;
import dev.lanewise.engine.random.SplitMix64;
import dev.lanewise.engine.tensor.Shape;
import java.util.List;

/**
 * A short training run of samples that are sequences of pictures: layers at each step, one of them
 * recurrent and dropping, an LSTM of convolutions, and windows over rows and columns; its weights'
 * digest.
 */
public final class PictureRun {
  private static final int SAMPLES = 60;
  private static final Shape INPUT = Shape.of(3, 5, 4, 2);

  private PictureRun() {}

  /** Prints the digest of the run with as many threads as the argument says. */
  public static void main(String[] args) {
    System.out.println(SmallRun.DIGEST + digest(Integer.parseInt(args[0])));
  }

  private static TimeDistributed each(Layer layer) {
    return new TimeDistributed(layer);
  }

  private static void wire(GraphBuilder g) {
    var x = g.input("x", INPUT);
    var same = PictureWindow.of(2).withPadding(Padding.SAME);
    var seen = g.apply(each(Conv2D.of(17, same).withActivation(Activation.RELU)), x);
    var alone = g.apply(each(DepthwiseConv.of(same)), seen);
    var dropped = g.apply(each(new SpatialDropout(0.25, 2)), alone);
    var pooled = g.apply(each(GridPooling.max(PictureWindow.tiles(2))), dropped);
    var walking = RecurrentOptions.DEFAULTS.returningSequences().withDropout(0.25, 0.25);
    var remembered = g.apply(ConvLstm.of(17, same).with(walking), x);
    var two = g.apply(each(SeparableConv.of(9, same.withStrides(1, 2))), remembered);
    var larger = g.apply(each(ConvTranspose.of(17, same.withStrides(1, 2))), two);
    var mean = g.apply(each(GridPooling.average(PictureWindow.tiles(2))), larger);
    var both = g.apply(new Concatenate(3), pooled, mean);
    var turned = g.apply(each(new Permute(List.of(2, 1, 3))), both);
    var rows = g.apply(each(each(new Flatten())), turned);
    var walked =
        g.apply(each(Bidirectional.of(Gru.of(5).returningSequences().withDropout(0.25, 0))), rows);
    var windows = g.apply(each(Conv1D.of(6, 2)), walked);
    var largest = g.apply(each(MaxPooling1D.of(2).withPadding(Padding.SAME)), windows);
    var end = g.apply(Lstm.of(9), g.apply(each(new Flatten()), largest));
    g.output(g.apply(Dense.of(4, Activation.SOFTMAX), end));
  }

  static Model model(int threads) {
    return Model.graph(PictureRun::wire)
        .withSeed(3)
        .withThreads(threads)
        .compile(Adam.of(0.01), Loss.SPARSE_CATEGORICAL_CROSSENTROPY);
  }

  static Dataset data() {
    SplitMix64 random = new SplitMix64(5);
    float[] x = new float[Math.toIntExact(SAMPLES * INPUT.elementCount())];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(256) / 128f - 1;
    }
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(4);
    }
    return Dataset.of(INPUT, x, labels, 4);
  }

  static String digest(int threads) {
    try (Model model = model(threads)) {
      model.fit(data(), FitOptions.epochs(2).withBatchSize(26).withSeed(4));
      return SmallRun.digest(model);
    }
  }
}
