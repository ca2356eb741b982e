package dev.lanewise.cuda.driver;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUjit_option;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/**
 * A kernel that the driver has compiled for the device.
 *
 * @param function what is launched
 * @param signatures the sizes of its parameters
 */
record Kernel(CUfunction function, KernelSignatures signatures) {
  private static final int LOG_BYTES = 8192;

  /** As much of the compiler's log as a line can take. */
  private static final int MOST_OF_LOG = 500;

  /** The options of a load: where the compiler writes what is wrong, and how much it may write. */
  private static final int[] OPTIONS = {
    CUjit_option.CU_JIT_ERROR_LOG_BUFFER, CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES
  };

  /**
   * Has the driver compile a kernel, in a module of its own.
   *
   * @param owned takes the module
   * @param ptx the kernel and no other
   * @param shared the bytes of shared memory that launches add to the kernel's own, always as many
   */
  static Kernel load(Owned owned, String name, String ptx, int shared) {
    CUmodule module = new CUmodule();
    byte[] text = (ptx + '\0').getBytes(StandardCharsets.US_ASCII);
    ByteBuffer log = ByteBuffer.allocateDirect(LOG_BYTES);
    Pointer values =
        Pointer.to(
            Pointer.to(log),
            new Pointer().withByteOffset(LOG_BYTES)); // a number where an address would be
    int result =
        JCudaDriver.cuModuleLoadDataEx(module, Pointer.to(text), OPTIONS.length, OPTIONS, values);
    Driver.check(result, "load the kernel " + name, line(log));
    owned.add("the kernel " + name, () -> JCudaDriver.cuModuleUnload(module));
    CUfunction function = new CUfunction();
    Driver.check(
        JCudaDriver.cuModuleGetFunction(function, module, name), "find the kernel " + name);
    if (shared > 0) {
      Driver.check(
          JCudaDriver.cuFuncSetAttribute(
              function,
              CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
              shared),
          "give the kernel " + name + " " + shared + " bytes of shared memory");
    }
    return new Kernel(function, new KernelSignatures(ptx));
  }

  /** Returns the log as one line. */
  private static String line(ByteBuffer log) {
    String text = StandardCharsets.US_ASCII.decode(log).toString();
    int end = text.indexOf('\0');
    String line = (end < 0 ? text : text.substring(0, end)).strip().replaceAll("\\s+", " ");
    return line.length() > MOST_OF_LOG ? line.substring(0, MOST_OF_LOG) + "..." : line;
  }

  /** Throws unless the arguments have the parameters' sizes: an assertion of every launch. */
  boolean takes(String name, List<Integer> given) {
    String difference = signatures.difference(name, given);
    if (!difference.isEmpty()) {
      throw new AssertionError(difference);
    }
    return true;
  }
}
