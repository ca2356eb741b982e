package dev.lanewise.cli;

import dev.lanewise.engine.data.DataSplits;
import dev.lanewise.engine.data.Dataset;

/** Which samples of a data set; lower case, as they are typed. */
enum SampleSet {
  /** Those to train on. */
  train,
  /** Those of the final evaluation. */
  test;

  Dataset of(DataSplits splits) {
    return this == train ? splits.train() : splits.test();
  }
}
