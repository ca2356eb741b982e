package dev.lanewise.cuda.driver;

import dev.lanewise.engine.tensor.InsufficientMemoryException;
import java.util.Locale;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * One stream of the first device, in the process's {@link PrimaryContext}, and everything that was
 * made for it: whoever opens it closes it, and nothing is left behind. One thread at a time may use
 * it, after {@link #enter}.
 */
public final class Device implements AutoCloseable {
  private final Owned owned = new Owned();
  private final PrimaryContext context;
  private final CUstream stream = new CUstream();
  private long bytes;
  private boolean rehearses;

  private Device() {
    context = PrimaryContext.join();
    owned.add("a place in the context", context::leave);
  }

  /**
   * Opens the first device, which a probe has found.
   *
   * @throws dev.lanewise.engine.backend.DeviceFailureException if the driver refuses
   */
  public static Device open() {
    Device device = new Device();
    try {
      device.begin();
      return device;
    } catch (RuntimeException | Error e) {
      device.closeAfter(e);
      throw e;
    }
  }

  private void begin() {
    enter();
    Driver.check(
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING), "make a stream");
    owned.add("the stream", () -> JCudaDriver.cuStreamDestroy(stream));
  }

  /** Makes the calling thread one that may use the device: the driver keeps a context a thread. */
  public void enter() {
    context.enter();
  }

  /**
   * Loads the kernels of {@code launches}, which launch nothing meanwhile: drivers allow no loading
   * while a graph is recorded.
   */
  public void rehearse(Runnable launches) {
    rehearses = true;
    try {
      launches.run();
    } finally {
      rehearses = false;
    }
  }

  boolean rehearses() {
    return rehearses;
  }

  /** Waits until the device has done all that it was given. */
  public void synchronize() {
    Driver.check(JCudaDriver.cuStreamSynchronize(stream), "wait for the device");
  }

  /** Returns the bytes of device memory that are taken. */
  public long bytes() {
    return bytes;
  }

  /**
   * Throws unless so many bytes are free on the device.
   *
   * @param owner what they are for
   * @return the bytes that are left beside them
   * @throws InsufficientMemoryException saying what is needed and what is free
   */
  public long requireRoom(String owner, long needed) {
    long[] free = new long[1];
    long[] total = new long[1];
    Driver.check(JCudaDriver.cuMemGetInfo(free, total), "ask for the device's free memory");
    if (needed > free[0]) {
      throw new InsufficientMemoryException(
          String.format(
              Locale.ROOT,
              "%s needs %,d bytes of device memory, of %,d bytes %,d are free; make the model, the"
                  + " batch or the data smaller, or use the CPU",
              owner,
              needed,
              total[0],
              free[0]));
    }
    return free[0] - needed;
  }

  /**
   * Takes device memory, whose content is undefined.
   *
   * @throws InsufficientMemoryException if there is not enough
   */
  public DeviceMemory allocate(String what, long size) {
    String name = String.format(Locale.ROOT, "%,d bytes for %s", size, what);
    DeviceMemory.Address address = new DeviceMemory.Address();
    Driver.check(JCudaDriver.cuMemAlloc(address, size), "allocate " + name);
    bytes += size;
    Owned.Thing thing = owned.add(name, () -> JCudaDriver.cuMemFree(address));
    return new DeviceMemory(address.value(), size, thing);
  }

  /**
   * Returns memory for so many 32-bit values: the old piece if it is large enough, else a new one
   * in its place.
   */
  public DeviceMemory atLeast(@Nullable DeviceMemory old, String what, long values) {
    long size = values * Float.BYTES;
    if (old != null && old.bytes() >= size) {
      return old;
    }
    DeviceMemory larger = allocate(what, size); // if it cannot be had, the old piece stays
    if (old != null) {
      free(old);
    }
    return larger;
  }

  /** Gives device memory back before the device is closed. */
  public void free(DeviceMemory memory) {
    bytes -= memory.bytes();
    owned.free(memory.thing());
  }

  /** Sets 32-bit words to zero, in the stream's order. */
  public void clear(long address, long words) {
    fill(address, words, 0);
  }

  /** Sets floats to a value, in the stream's order. */
  public void fill(long address, long count, float value) {
    if (count == 0) {
      return;
    }
    int bits = Float.floatToRawIntBits(value);
    Driver.check(
        JCudaDriver.cuMemsetD32Async(pointer(address), bits, count, stream), "fill device memory");
  }

  /** Takes pinned host memory, which the device can copy from and to while the host goes on. */
  public HostMemory pin(int size) {
    Pointer pointer = new Pointer();
    Driver.check(
        JCudaDriver.cuMemHostAlloc(pointer, size, 0), "allocate " + size + " bytes of host memory");
    owned.add("host memory", () -> JCudaDriver.cuMemFreeHost(pointer));
    return new HostMemory(pointer, size);
  }

  /** Copies pinned memory to the device, in the stream's order. */
  void copyIn(long to, HostMemory from, long offset, long size) {
    Driver.check(
        JCudaDriver.cuMemcpyHtoDAsync(
            pointer(to), from.pointer().withByteOffset(offset), size, stream),
        "copy to the device");
  }

  /** Copies from the device to the beginning of pinned memory, in the stream's order. */
  void copyOut(HostMemory to, long from, long size) {
    Driver.check(
        JCudaDriver.cuMemcpyDtoHAsync(to.pointer(), pointer(from), size, stream),
        "copy from the device");
  }

  PrimaryContext context() {
    return context;
  }

  CUstream stream() {
    return stream;
  }

  Owned owned() {
    return owned;
  }

  private static CUdeviceptr pointer(long address) {
    return new CUdeviceptr().withByteOffset(address);
  }

  /** Frees everything; what fails does not keep the rest, and the first failure is thrown. */
  @Override
  public void close() {
    bytes = 0;
    try {
      enter();
    } catch (RuntimeException e) {
      closeAfter(e);
      throw e;
    }
    owned.freeAll();
  }

  /** Closes because of {@code cause}, to which a failure of closing is added. */
  public void closeAfter(Throwable cause) {
    owned.freeAfter(cause);
  }
}
