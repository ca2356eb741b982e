package dev.lanewise.cli.train;

import dev.lanewise.cli.run.RunFolder;
import dev.lanewise.cli.run.RunRecord;
import dev.lanewise.engine.train.Callback;
import dev.lanewise.engine.train.Evaluation;

/** How a run is told while it goes on. */
interface TrainReport extends Callback {
  /** All is ready, training begins. */
  void begin(RunFacts facts);

  /** The test set has been evaluated. */
  void end(Evaluation test, RunTimes times, String weightsSha256);

  @Override
  default int batchesAhead() {
    return Integer.MAX_VALUE; // the model is not looked at
  }

  /** The run's files are in their folder. */
  void kept(RunFolder folder, RunRecord record);

  /**
   * What is known before training.
   *
   * @param backend the backend's name
   * @param device what it runs on
   * @param reason why it was chosen
   * @param chosen whether the reason is told: it was asked for, or the model has changed the choice
   * @param path how the backend runs the model
   * @param threads the threads in use
   * @param vectorBits the width of the vectors in use
   * @param seed the seed of weights and order
   * @param epochs the epochs to train
   * @param trainSamples the samples trained on
   * @param validationSamples the samples held out
   * @param testSamples the samples of the final evaluation
   * @param parameters the model's parameter elements
   * @param planBytes the bytes of the model's plan, off-heap or on the device
   * @param windowSteps the steps of the windows that sequences are cut into, 0 where they are not
   */
  record RunFacts(
      String backend,
      String device,
      String reason,
      boolean chosen,
      String path,
      int threads,
      int vectorBits,
      long seed,
      int epochs,
      int trainSamples,
      int validationSamples,
      int testSamples,
      long parameters,
      long planBytes,
      int windowSteps) {}

  /**
   * Wall times in seconds.
   *
   * @param fit training and validation
   * @param evaluate the final evaluation
   * @param total all since the user pressed enter, but for writing the results
   */
  record RunTimes(double fit, double evaluate, double total) {}
}
