package dev.lanewise.cuda.driver;

import jcuda.driver.CUdeviceptr;

/** A piece of device memory: its address is a number, so that parts of it are sums. */
public final class DeviceMemory {
  private final long address;
  private final long bytes;
  private final Owned.Thing thing;

  DeviceMemory(long address, long bytes, Owned.Thing thing) {
    this.address = address;
    this.bytes = bytes;
    this.thing = thing;
  }

  /** Returns the address of the first byte. */
  public long address() {
    return address;
  }

  /** Returns the size. */
  public long bytes() {
    return bytes;
  }

  Owned.Thing thing() {
    return thing;
  }

  /** JCuda's pointer, which keeps its value to itself and its subclasses. */
  static final class Address extends CUdeviceptr {
    long value() {
      return getNativePointer();
    }
  }
}
