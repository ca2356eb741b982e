package dev.lanewise.cuda.plan;

import dev.lanewise.cuda.driver.DeviceArena;
import dev.lanewise.cuda.driver.Struct;
import dev.lanewise.cuda.driver.Transfers;
import java.lang.foreign.MemorySegment;

/**
 * {@code struct Batch} of batch.cuh, and behind it {@code struct Answers} of all outputs but the
 * first: where the batch at hand is to be found. It stays at one address, which the graphs know;
 * the host writes it when data or the epoch change.
 */
final class BatchRecord {
  private static final int WORDS = 22;
  private static final int WORDS_OF_ANSWERS = 6;

  private final long address;
  private final int outputs;
  private final int width;

  /**
   * Takes room.
   *
   * @param outputs those of the model
   * @param width the floats of a sample's results
   */
  BatchRecord(DeviceArena arena, int outputs, int width) {
    this.outputs = outputs;
    this.width = width;
    address =
        arena.allocate("the record of the batch", WORDS + (long) WORDS_OF_ANSWERS * (outputs - 1));
  }

  long address() {
    return address;
  }

  /**
   * Writes it.
   *
   * @param data where features, targets and results are
   * @param order the address of the samples' order, 0 for their own
   * @param factors the address of those of the epoch's updates, 0 if nothing is trained
   * @param first the place of the next batch's first sample
   * @param updates those that are done before it
   */
  void write(
      Transfers transfers, ResidentData data, long order, long factors, int first, long updates) {
    Struct record =
        new Struct()
            .pointer(data.bytes())
            .pointer(data.floats())
            .pointer(data.answers(0).labels())
            .pointer(data.answers(0).targets())
            .pointer(data.answers(0).weights())
            .pointer(order)
            .pointer(factors)
            .pointer(data.results())
            .pointer(updates)
            .integer(0)
            .integer(first)
            .integer(width)
            .integer(0);
    transfers.copyIn(address, MemorySegment.ofArray(record.toBytes()));
    for (int output = 1; output < outputs; output++) {
      int words = WORDS + WORDS_OF_ANSWERS * (output - 1);
      byte[] answers = data.answers(output).struct().toBytes();
      transfers.copyIn(address + (long) words * Integer.BYTES, MemorySegment.ofArray(answers));
    }
  }
}
