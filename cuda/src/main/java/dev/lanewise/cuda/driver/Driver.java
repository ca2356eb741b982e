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
    if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      throw new InsufficientMemoryException(
          "CUDA: cannot "
              + what
              + ": the device is out of memory; make the model, the batch or the"
              + " data smaller, or close what else uses the device");
    }
    if (result != CUresult.CUDA_SUCCESS) {
      throw new DeviceFailureException(
          "CUDA: cannot "
              + what
              + ": "
              + CUresult.stringFor(result)
              + " ("
              + result
              + ")"
              + cure(result));
    }
  }

  private static String cure(int result) {
    return switch (result) {
      case CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
          CUresult.CUDA_ERROR_LAUNCH_FAILED,
          CUresult.CUDA_ERROR_ASSERT ->
          "; the device's context is lost, close the model and start again";
      case CUresult.CUDA_ERROR_INVALID_PTX,
          CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION,
          CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU ->
          "; the driver cannot compile this module's PTX: update it, or use the CPU";
      default -> "";
    };
  }
}
