package dev.lanewise.cuda.plan;

import java.util.List;

/**
 * A data set on the device; addresses are 0 for what it does not have.
 *
 * @param bytes features [samples][values], those of each input in turn; one of these two
 * @param floats features as floats
 * @param answers what each output should be; none where nobody asks
 * @param results where losses and metrics go, for each place of the order
 */
record ResidentData(long bytes, long floats, List<Answers> answers, long results) {
  /** Returns features alone. */
  static ResidentData ofBytes(long address) {
    return new ResidentData(address, 0, List.of(), 0);
  }

  /** Returns features alone. */
  static ResidentData ofFloats(long address) {
    return new ResidentData(0, address, List.of(), 0);
  }

  /** Returns what an output should be. */
  Answers answers(int output) {
    return output < answers.size() ? answers.get(output) : Answers.NONE;
  }

  ResidentData withAnswers(List<Answers> newAnswers) {
    return new ResidentData(bytes, floats, List.copyOf(newAnswers), results);
  }

  ResidentData withResults(long newResults) {
    return new ResidentData(bytes, floats, answers, newResults);
  }
}
