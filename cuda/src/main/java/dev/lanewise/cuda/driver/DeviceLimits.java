package dev.lanewise.cuda.driver;

import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;

/** What a device says of itself in numbers. */
final class DeviceLimits {
  private DeviceLimits() {}

  static int attribute(CUdevice device, int attribute) {
    int[] value = new int[1];
    Driver.check(
        JCudaDriver.cuDeviceGetAttribute(value, attribute, device), "ask for an attribute");
    return value[0];
  }

  /** Returns the bytes of shared memory that a block of a kernel can have that asks for them. */
  static int sharedBytes(CUdevice device) {
    return attribute(
        device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN);
  }
}
