package dev.lanewise.cuda.driver;

import dev.lanewise.engine.backend.DeviceFailureException;
import dev.lanewise.engine.tensor.InsufficientMemoryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.LogLevel;
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
public final class DriverProbe {

  /** Linux names the library, Windows does not. */
  private static final Pattern MISSING_LIBRARY =
      Pattern.compile("(lib[\\w.+-]+: cannot open.*|Can't find dependent libraries)");

  private static final Pattern MISSING_NATIVES =
      Pattern.compile("No resource found with name '(?:/lib/)?([^']+)'");

  /** What stopped the unpacked library: a full disk, a folder whose files may not be run. */
  private static final Pattern UNPACKED =
      Pattern.compile("load the library as a resource:\\s*\\R(?:[\\w.$]+: )?(.+)");

  private static final String OTHER_FOLDER = "-Djava.io.tmpdir=FOLDER names another";

  /**
   * What a look at the machine found.
   *
   * @param present whether there is a device to compute on
   * @param line the device's name and compute capability, or what is missing: one line
   * @param sharedBytes the shared memory that a block can have, 0 without a device
   */
  public record Probe(boolean present, String line, int sharedBytes) {
    static Probe missing(String line) {
      return new Probe(false, line, 0);
    }
  }

  /** Made by the first probe and not by a mention of the outer class. */
  private static final class Loading {
    static final String PROBLEM = load();
  }

  private DriverProbe() {}

  /** Looks for the driver and its first device. Never throws. */
  public static Probe probe() {
    if (!Loading.PROBLEM.isEmpty()) {
      return Probe.missing(Loading.PROBLEM);
    }
    try {
      return Device.look();
    } catch (LinkageError e) {
      // Symbols are bound when first called: an old driver can lack one.
      return Probe.missing(reason(e));
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
      return "cannot make a folder in "
          + usual
          + " for JCuda's native library ("
          + e.getClass().getSimpleName()
          + "); "
          + OTHER_FOLDER;
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
      return natives.group(1)
          + " is not on the class path; the jar dev.lanewise:lanewise-cuda with classifier natives"
          + " has those for Linux and Windows on x86-64";
    }
    if (error instanceof NoClassDefFoundError && message.startsWith("jcuda/")) {
      return "JCuda is not on the class path; add the jar org.jcuda:jcuda";
    }
    Matcher unpacked = UNPACKED.matcher(message);
    if (unpacked.find()) {
      return "JCuda's native library cannot be loaded from the temporary folder: "
          + unpacked.group(1).strip()
          + "; if the folder is at fault, "
          + OTHER_FOLDER;
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
    /** CUDA 11.4, driver 470: the first with the call that makes a graph. */
    private static final int OLDEST_VERSION = 11_040;

    static void load() {
      JCudaDriver.setLogLevel(LogLevel.LOG_QUIET);
    }

    static Probe look() {
      try {
        Driver.check(JCudaDriver.cuInit(0), "start the driver");
        int[] version = new int[1];
        Driver.check(JCudaDriver.cuDriverGetVersion(version), "ask for the driver's version");
        if (version[0] < OLDEST_VERSION) {
          return Probe.missing(
              "the driver is too old: it supports CUDA "
                  + text(version[0])
                  + ", at least "
                  + text(OLDEST_VERSION)
                  + " is needed (driver 470 or newer)");
        }
        int[] count = new int[1];
        Driver.check(JCudaDriver.cuDeviceGetCount(count), "count the devices");
        return count[0] == 0
            ? Probe.missing("the driver reports no device")
            : describe(0, version[0]);
      } catch (DeviceFailureException | InsufficientMemoryException e) {
        return Probe.missing(firstLine(e));
      }
    }

    private static Probe describe(int ordinal, int version) {
      CUdevice device = new CUdevice();
      Driver.check(JCudaDriver.cuDeviceGet(device, ordinal), "find the first device");
      byte[] name = new byte[256];
      Driver.check(JCudaDriver.cuDeviceGetName(name, name.length, device), "ask for its name");
      long[] bytes = new long[1];
      Driver.check(JCudaDriver.cuDeviceTotalMem(bytes, device), "ask for its memory");
      int major =
          DeviceLimits.attribute(
              device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
      int minor =
          DeviceLimits.attribute(
              device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
      String line =
          String.format(
              Locale.ROOT,
              "%s, %.1f GiB, compute capability %d.%d, driver for CUDA %s",
              // Filled up with zeros, which trim() takes for blanks.
              new String(name, StandardCharsets.US_ASCII).trim(),
              bytes[0] / (double) (1L << 30),
              major,
              minor,
              text(version));
      // The PTX is for compute capability 7.5, Turing.
      return major * 10 + minor < 75
          ? Probe.missing(line + ": compute capability 7.5 or higher is needed")
          : new Probe(true, line, DeviceLimits.sharedBytes(device));
    }

    private static String text(int version) {
      return version / 1000 + "." + version % 1000 / 10;
    }
  }
}
