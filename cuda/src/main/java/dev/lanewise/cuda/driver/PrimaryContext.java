package dev.lanewise.cuda.driver;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * The first device's primary context and the kernels that the driver has compiled in it: one a
 * process, made when the first {@link Device} is opened and kept, so that no plan waits for what
 * another has waited for. The context is the one that libraries in one process share.
 */
public final class PrimaryContext {
  private static @Nullable PrimaryContext current;
  private static boolean endsWithTheProcess;

  private final Owned owned = new Owned();
  private final CUcontext context = new CUcontext();
  private final Map<Name, Kernel> kernels = new HashMap<>();
  private final double contextSeconds;
  private final int sharedBytes;
  private @Nullable Ptx ptx;
  private double kernelSeconds;
  private int devices;

  /** A kernel of one text: another text may have one of the same name. */
  private record Name(String source, String kernel) {}

  private PrimaryContext() {
    long begin = System.nanoTime();
    Driver.check(JCudaDriver.cuInit(0), "start the driver");
    CUdevice device = new CUdevice();
    Driver.check(JCudaDriver.cuDeviceGet(device, 0), "find the first device");
    sharedBytes = DeviceLimits.sharedBytes(device);
    Driver.check(JCudaDriver.cuDevicePrimaryCtxRetain(context, device), "make a context");
    owned.add("the context", () -> JCudaDriver.cuDevicePrimaryCtxRelease(device));
    contextSeconds = (System.nanoTime() - begin) * 1e-9;
  }

  /** Returns the shared memory that a block can have, in bytes; 0 where there is no context yet. */
  public static synchronized int sharedBytes() {
    return current == null ? 0 : current.sharedBytes;
  }

  /** Returns the process's context for a device, which {@link #leave}s it when it is closed. */
  static synchronized PrimaryContext join() {
    if (!endsWithTheProcess) {
      Runtime.getRuntime().addShutdownHook(new Thread(PrimaryContext::end, "lanewise-cuda-end"));
      endsWithTheProcess = true;
    }
    PrimaryContext joined = current == null ? new PrimaryContext() : current;
    joined.devices++;
    current = joined;
    return joined;
  }

  /** Ends a device's stay; never fails. */
  int leave() {
    synchronized (PrimaryContext.class) {
      devices--;
    }
    return CUresult.CUDA_SUCCESS;
  }

  /** Frees kernels and context. While a device is open, which may be computing, it does nothing. */
  public static synchronized void free() {
    PrimaryContext ended = current;
    if (ended == null || ended.devices > 0) {
      return;
    }
    current = null;
    try {
      ended.enter();
    } catch (RuntimeException e) {
      ended.owned.freeAfter(e);
      throw e;
    }
    ended.owned.freeAll();
  }

  private static void end() {
    try {
      free();
    } catch (RuntimeException e) {
      // The process ends, and with it all that the driver holds for it; so does a lost context.
    }
  }

  /** Makes it the calling thread's, which is then one that may use the device. */
  void enter() {
    Driver.check(JCudaDriver.cuCtxSetCurrent(context), "enter the context");
  }

  /**
   * Returns a kernel, compiled now unless it has been before. The calling thread has entered.
   *
   * @param shared the bytes of shared memory that its launches add
   * @throws dev.lanewise.engine.backend.DeviceFailureException if the driver cannot compile it
   */
  synchronized Kernel kernel(String name, int shared) {
    Name key = new Name(Ptx.sourceNow(), name);
    Kernel kernel = kernels.get(key);
    if (kernel == null) {
      long begin = System.nanoTime();
      Ptx all = ptx != null && ptx.source().equals(key.source()) ? ptx : Ptx.read();
      ptx = all;
      kernel = Kernel.load(owned, name, all.only(name), shared);
      kernelSeconds += (System.nanoTime() - begin) * 1e-9;
      kernels.put(key, kernel);
    }
    return kernel;
  }

  /** Returns how long the process has waited for its context and kernels, in one line. */
  public static synchronized String story() {
    PrimaryContext now = current;
    if (now == null) {
      return "no context yet";
    }
    synchronized (now) {
      return String.format(
          Locale.ROOT,
          "context in %.2f s, %d kernels in %.2f s",
          now.contextSeconds,
          now.kernels.size(),
          now.kernelSeconds);
    }
  }
}
