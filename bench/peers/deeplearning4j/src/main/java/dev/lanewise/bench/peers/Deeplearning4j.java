package dev.lanewise.bench.peers;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Deeplearning4j. Its recurrent layers take [samples, features, steps], each step contiguous. */
final class Deeplearning4j extends BatchPeer {
  private final MultiLayerNetwork network;

  private Deeplearning4j(Cell cell, long seed) {
    if (cell != Cell.SIMPLE_RNN) {
      throw new IllegalArgumentException(
          "Deeplearning4j: " + cell + " is not in this comparison, simple_rnn alone");
    }
    network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(1e-3, 0.9, 0.999, 1e-7))
                .weightInit(WeightInit.XAVIER)
                .list()
                .layer(
                    new LastTimeStep(
                        new SimpleRnn.Builder()
                            .nIn(28)
                            .nOut(150)
                            .activation(Activation.TANH)
                            .build()))
                .layer(
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(150)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
    network.init();
  }

  public static void main(String[] args) {
    Run.main(args, Deeplearning4j::new);
  }

  /** In order 'f' the sample varies fastest, then the feature, then the step. */
  private static INDArray input(float[] values, int count) {
    return Nd4j.create(values, new int[] {count, 28, 28}, 'f');
  }

  @Override
  protected void step(byte[] images, float[] targets, int[] classes) {
    float[] values = new float[images.length];
    for (int i = 0; i < BATCH; i++) {
      for (int p = 0; p < PIXELS; p++) {
        values[p * BATCH + i] = Digits.value(images[i * PIXELS + p]);
      }
    }
    float[] copied = Arrays.copyOf(targets, targets.length);
    network.fit(input(values, BATCH), Nd4j.create(copied, new int[] {BATCH, CLASSES}, 'c'));
  }

  @Override
  public void predict(float[] images, int count, float[] scores) {
    float[] values = new float[count * PIXELS];
    for (int i = 0; i < count; i++) {
      for (int p = 0; p < PIXELS; p++) {
        values[p * count + i] = images[i * PIXELS + p];
      }
    }
    float[] found = network.output(input(values, count)).dup('c').data().asFloat();
    System.arraycopy(found, 0, scores, 0, count * CLASSES);
  }

  @Override
  public void close() {
    network.close();
  }
}
