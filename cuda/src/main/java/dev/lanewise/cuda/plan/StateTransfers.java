package dev.lanewise.cuda.plan;

import dev.lanewise.cuda.driver.Device;
import dev.lanewise.cuda.driver.Transfers;
import dev.lanewise.cuda.kernel.Signal;
import java.util.List;

/** The states that layers keep from batch to batch, on their way from and to the host. */
final class StateTransfers {
  private final Device device;
  private final Transfers transfers;
  private final List<Signal> states;
  private final int rows;

  /**
   * Looks at what is kept.
   *
   * @param rows the samples of a batch
   */
  StateTransfers(Device device, Transfers transfers, List<Signal> states, int rows) {
    this.device = device;
    this.transfers = transfers;
    this.states = states;
    this.rows = rows;
  }

  boolean any() {
    return !states.isEmpty();
  }

  private int values(Signal state) {
    return Math.multiplyExact(rows, state.stride());
  }

  List<float[]> read() {
    return states.stream().map(state -> transfers.copyOut(state.address(), values(state))).toList();
  }

  /**
   * Sets them.
   *
   * @throws IllegalArgumentException if there are others
   */
  void write(List<float[]> values) {
    if (values.size() != states.size()) {
      throw new IllegalArgumentException(
          "states: the model keeps " + states.size() + ", found " + values.size());
    }
    for (int i = 0; i < values.size(); i++) {
      int expected = values(states.get(i));
      int found = values.get(i).length;
      if (found != expected) {
        throw new IllegalArgumentException(
            "states: number " + i + " has " + expected + " values in this plan, found " + found);
      }
    }
    for (int i = 0; i < values.size(); i++) {
      transfers.copyIn(states.get(i).address(), values.get(i));
    }
  }

  /** Sets all to zero. */
  void reset() {
    states.forEach(state -> device.clear(state.address(), values(state)));
  }
}
