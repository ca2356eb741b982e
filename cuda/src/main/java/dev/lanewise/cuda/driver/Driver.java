package dev.lanewise.cuda.driver;

import dev.lanewise.engine.backend.DeviceFailureException;
import dev.lanewise.engine.tensor.InsufficientMemoryException;
import jcuda.driver.CUresult;

/** Holds the driver's answers against success. */
final class Driver {
  private Driver() {}

  /**
   * Throws unless a call succeeded.
   *
   * @param result what the call returned
   * @param what what was tried, for the message: "allocate 1,024 bytes"
   * @throws InsufficientMemoryException if the device has no memory left
   * @throws DeviceFailureException if it failed otherwise
   */
  static void check(int result, String what) {
    check(result, what, "");
  }

  /**
   * Throws unless a call succeeded; otherwise as {@link #check(int, String)}.
   *
   * @param detail what the driver says of it beside the code, empty for nothing
   */
  static void check(int result, String what, String detail) {
    if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      throw new InsufficientMemoryException(
          "CUDA: cannot "
              + what
              + ": the device is out of memory; make the model, the batch or the"
              + " data smaller, or close what else uses the device");
    }
    if (result != CUresult.CUDA_SUCCESS) {
      String cure = Cure.of(result);
      throw new DeviceFailureException(
          "CUDA: cannot "
              + what
              + ": "
              + CUresult.stringFor(result)
              + " ("
              + result
              + ")"
              + (detail.isEmpty() ? "" : ": " + detail)
              + (cure.isEmpty() ? "" : "; " + cure));
    }
  }
}
