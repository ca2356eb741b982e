package dev.lanewise.cli.argument;

import dev.lanewise.engine.data.DataSplits;
import dev.lanewise.engine.data.Dataset;

/** Which samples of a data set; lower case, as they are typed. */
public enum SampleSet {
  /** Those to train on. */
  train,
  /** Those of the final evaluation. */
  test;

  public Dataset of(DataSplits splits) {
    return this == train ? splits.train() : splits.test();
  }
}
