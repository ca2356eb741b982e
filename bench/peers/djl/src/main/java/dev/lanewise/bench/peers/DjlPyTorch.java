package dev.lanewise.bench.peers;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RNN;
import ai.djl.nn.recurrent.RecurrentBlock;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** PyTorch's own library through DJL, with a training loop of our own, which is its fastest. */
final class DjlPyTorch extends BatchPeer {
  private final Model model = Model.newInstance("founding", "PyTorch");
  private final Trainer trainer;
  private final Loss loss = Loss.softmaxCrossEntropyLoss();

  private DjlPyTorch(Cell cell) {
    model.setBlock(
        new SequentialBlock()
            .add(recurrent(cell))
            .add(new LambdaBlock(list -> new NDList(lastState(list.get(1)))))
            .add(Linear.builder().setUnits(CLASSES).build()));
    Optimizer adam =
        Optimizer.adam().optLearningRateTracker(Tracker.fixed(1e-3f)).optEpsilon(1e-7f).build();
    trainer = model.newTrainer(new DefaultTrainingConfig(loss).optOptimizer(adam));
    trainer.initialize(new Shape(BATCH, 28, 28));
  }

  public static void main(String[] args) {
    Run.main(args, (cell, seed) -> new DjlPyTorch(cell));
  }

  private static Block recurrent(Cell cell) {
    return switch (cell) {
      case SIMPLE_RNN ->
          layer(RNN.builder().setActivation(RNN.Activation.TANH).setStateSize(150)).build();
      case LSTM -> layer(LSTM.builder().setStateSize(150)).build();
      case GRU -> layer(GRU.builder().setStateSize(150)).build();
      case BIDIRECTIONAL_LSTM -> new BidirectionalLstm(LSTM.builder().setStateSize(75));
    };
  }

  private static <T extends RecurrentBlock.BaseBuilder<T>> T layer(T builder) {
    return builder.setNumLayers(1).optBatchFirst(true).optReturnState(true);
  }

  /** One walk's [1, samples, units] as [samples, units]; two walks' states side by side. */
  private static NDArray lastState(NDArray states) {
    return states.size(0) == 1
        ? states.squeeze(0)
        : states.transpose(1, 0, 2).reshape(states.getShape().get(1), -1);
  }

  @Override
  protected void step(byte[] images, float[] targets, int[] classes) {
    try (NDManager batch = trainer.getManager().newSubManager()) {
      NDArray x =
          batch
              .create(ByteBuffer.wrap(images), new Shape(BATCH, 28, 28), DataType.UINT8)
              .toType(DataType.FLOAT32, false)
              .divi(255f);
      NDArray y = batch.create(classes);
      try (GradientCollector gradients = trainer.newGradientCollector()) {
        NDList logits = trainer.forward(new NDList(x));
        NDArray value = loss.evaluate(new NDList(y), logits);
        gradients.backward(value);
        logits.attach(batch);
        value.attach(batch);
      }
      trainer.step();
    }
  }

  @Override
  public void predict(float[] images, int count, float[] scores) {
    float[] some = images.length == count * PIXELS ? images : Arrays.copyOf(images, count * PIXELS);
    try (NDManager call = trainer.getManager().newSubManager()) {
      NDList logits = trainer.evaluate(new NDList(call.create(some, new Shape(count, 28, 28))));
      logits.attach(call);
      float[] found = logits.singletonOrThrow().softmax(-1).toFloatArray();
      System.arraycopy(found, 0, scores, 0, found.length);
    }
  }

  @Override
  public void close() {
    trainer.close();
    model.close();
  }
}
