package dev.lanewise.cuda.driver;

import jcuda.driver.CUresult;

/** What helps against the driver's errors, as far as whoever reads a message can do something. */
final class Cure {
  private Cure() {}

  /** Returns it as the end of a sentence, or an empty string. */
  static String of(int result) {
    return switch (result) {
      case CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE ->
          "another process has the GPU to itself: end it, or have nvidia-smi -c DEFAULT share the"
              + " GPU, or use the CPU";
      case CUresult.CUDA_ERROR_JIT_COMPILER_NOT_FOUND ->
          "the driver's PTX compiler is missing, libnvidia-ptxjitcompiler.so.1: install the"
              + " driver's package that has it (in a container: the capability compute), or use the"
              + " CPU";
      case CUresult.CUDA_ERROR_JIT_COMPILATION_DISABLED ->
          "the driver may not compile PTX: unset CUDA_DISABLE_JIT and CUDA_DISABLE_PTX_JIT, or use"
              + " the CPU";
      case CUresult.CUDA_ERROR_INVALID_PTX,
          CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION,
          CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU ->
          "the driver cannot compile this module's PTX: update it, or use the CPU";
      case CUresult.CUDA_ERROR_SYSTEM_NOT_READY ->
          "the system is not ready for CUDA: start nvidia-fabricmanager where GPUs are joined by"
              + " NVSwitch, or use the CPU";
      case CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH ->
          "the driver's kernel module and its libraries are of two versions: restart the machine"
              + " after an update, or use the CPU";
      case CUresult.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE ->
          "a libcuda.so.1 for forward compatibility is found first, which this GPU does not take:"
              + " take cuda-compat off the library path, or use the CPU";
      case CUresult.CUDA_ERROR_UNKNOWN ->
          "the kernel's log may say more (dmesg, Xid); after a machine's sleep it helps to reload"
              + " the module nvidia_uvm";
      case CUresult.CUDA_ERROR_LAUNCH_TIMEOUT ->
          "a kernel took longer than a GPU with a display allows: end this process, and take"
              + " smaller batches";
      case CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
          CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
          CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED,
          CUresult.CUDA_ERROR_ASSERT,
          CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
          CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
          CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
          CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE,
          CUresult.CUDA_ERROR_INVALID_PC,
          CUresult.CUDA_ERROR_LAUNCH_FAILED ->
          "this process has lost the device for good: end it and start again";
      default -> "";
    };
  }
}
