package dev.lanewise.cuda.layer;

import dev.lanewise.cuda.driver.Arguments;
import dev.lanewise.cuda.kernel.Signal;
import dev.lanewise.engine.tensor.Shape;

/** Places of a larger value that are a smaller one's, in its order of sizes; see places.cu. */
final class CudaPlaces {
  private final Shape sizes;
  private final Shape larger;
  private final int first;
  private final int[] apart;

  /**
   * Tells where they are.
   *
   * @param sizes of a sample of the smaller
   * @param larger of a sample of the larger
   * @param first which element of the larger is the first of the smaller
   * @param apart how far on neighbours along each of the smaller's sizes are
   */
  CudaPlaces(Shape sizes, Shape larger, int first, int[] apart) {
    this.sizes = sizes;
    this.larger = larger;
    this.first = first;
    this.apart = apart;
  }

  /** Takes those places, of a value that may have gaps, to one without. */
  void take(CudaPass pass, Signal from, long to) {
    pass.calls()
        .rows(
            "permute",
            pass.rows(sizes.positions()),
            new Arguments()
                .pointer(from.address())
                .integer(from.stride())
                .integer(larger.size(-1))
                .pointer(to)
                .integer(sizes.positions())
                .integer(sizes.size(-1))
                .integer(pass.rows())
                .integer(first)
                .struct(CudaAxes.of(sizes, apart)));
  }

  /** Puts a value that may have gaps to those places of one without. */
  void put(CudaPass pass, Signal from, long to) {
    pass.calls()
        .rows(
            "put",
            pass.rows(sizes.positions()),
            new Arguments()
                .pointer(from.address())
                .integer(from.stride())
                .integer(sizes.positions())
                .integer(sizes.size(-1))
                .pointer(to)
                .integer(larger.size(-1))
                .integer(pass.rows())
                .integer(first)
                .struct(CudaAxes.of(sizes, apart)));
  }
}
