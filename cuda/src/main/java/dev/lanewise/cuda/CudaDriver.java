package dev.lanewise.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.CudaException;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;

/**
 * The way to the driver: loads JCuda's native library once and says which device is there.
 *
 * <p>The library is linked against {@code libcuda.so.1}, so loading it fails on a machine without
 * an NVIDIA driver. A second attempt in the same JVM would only report {@code
 * NoClassDefFoundError}; hence the first reason is kept.
 */
final class CudaDriver {

  private static final Pattern MISSING_LIBRARY = Pattern.compile("(lib[\\w.+-]+: cannot open.*)");
  private static final Pattern MISSING_NATIVES =
      Pattern.compile("No resource found with name '(?:/lib/)?([^']+)'");

  /**
   * What a look at the machine found.
   *
   * @param present whether there is a device to compute on
   * @param line the device's name and compute capability, or what is missing: one line
   */
  record Probe(boolean present, String line) {}

  /** Made by the first probe and not by a mention of the outer class. */
  private static final class Loading {
    static final String PROBLEM = load();
  }

  private CudaDriver() {}

  /** Looks for the driver and its first device. Never throws. */
  static Probe probe() {
    if (!Loading.PROBLEM.isEmpty()) {
      return new Probe(false, Loading.PROBLEM);
    }
    try {
      return Device.look();
    } catch (LinkageError e) {
      // Symbols are bound when first called: an old driver can lack one.
      return new Probe(false, reason(e));
    }
  }

  /**
   * Loads JCuda's native library; returns what is missing, or an empty string.
   *
   * <p>JCuda unpacks it under a fixed name in {@code java.io.tmpdir} and takes a file of that name
   * unread if there is one: another user's file on a shared machine, or a stale one. So it is shown
   * a new folder that only this user can write, for as long as loading takes. A library that is
   * loaded stays mapped, hence the folder goes at once.
   */
  private static String load() {
    String usual = System.getProperty("java.io.tmpdir");
    Path folder;
    try {
      folder = Files.createTempDirectory("lanewise-cuda");
    } catch (IOException e) {
      return "cannot unpack JCuda's native library to a temporary folder: " + e.getMessage();
    }
    System.setProperty("java.io.tmpdir", folder.toString());
    try {
      Device.load();
      return "";
    } catch (LinkageError e) {
      return reason(e);
    } finally {
      System.setProperty("java.io.tmpdir", usual);
      delete(folder);
    }
  }

  private static void delete(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      // Windows does not delete a mapped file; it is left to whoever cleans the temporary folder.
      folder.toFile().deleteOnExit();
    }
  }

  /** What is missing, from the several stack traces that JCuda packs into one message. */
  static String reason(LinkageError error) {
    String message = String.valueOf(error.getMessage());
    Matcher library = MISSING_LIBRARY.matcher(message);
    if (library.find()) {
      return library.group(1).strip() + " (is the NVIDIA driver installed?)";
    }
    Matcher natives = MISSING_NATIVES.matcher(message);
    if (natives.find()) {
      return natives.group(1) + " is not on the class path; add the jar org.jcuda:jcuda-natives";
    }
    if (error instanceof NoClassDefFoundError && message.startsWith("jcuda/")) {
      return "JCuda is not on the class path; add the jar org.jcuda:jcuda";
    }
    return firstLine(error);
  }

  private static String firstLine(Throwable problem) {
    return String.valueOf(problem.getMessage())
        .lines()
        .findFirst()
        .orElse(problem.getClass().getSimpleName());
  }

  /**
   * All that names JCuda's classes: without its jar this class does not link, the outer one does.
   */
  private static final class Device {

    static void load() {
      JCudaDriver.setExceptionsEnabled(true);
    }

    static Probe look() {
      try {
        JCudaDriver.cuInit(0);
        int[] count = new int[1];
        JCudaDriver.cuDeviceGetCount(count);
        return count[0] == 0
            ? new Probe(false, "the driver reports no device")
            : new Probe(true, describe(0));
      } catch (CudaException e) {
        return new Probe(false, firstLine(e));
      }
    }

    private static String describe(int ordinal) {
      CUdevice device = new CUdevice();
      JCudaDriver.cuDeviceGet(device, ordinal);
      byte[] name = new byte[256];
      JCudaDriver.cuDeviceGetName(name, name.length, device);
      return "%s, compute capability %d.%d"
          .formatted(
              // Filled up with zeros, which trim() takes for blanks.
              new String(name, StandardCharsets.US_ASCII).trim(),
              attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
              attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR));
    }

    private static int attribute(CUdevice device, int attribute) {
      int[] value = new int[1];
      JCudaDriver.cuDeviceGetAttribute(value, attribute, device);
      return value[0];
    }
  }
}
