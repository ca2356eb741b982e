package dev.lanewise.cuda.driver;

import java.util.ArrayList;
import java.util.List;
import jcuda.NativePointerObject;
import jcuda.Pointer;

/** A kernel's arguments in their order. */
public final class Arguments {
  private final List<Pointer> values = new ArrayList<>();
  private final List<Integer> sizes = new ArrayList<>();

  /** Creates an empty list. */
  public Arguments() {}

  /** Adds a device address, or another 64-bit number. */
  public Arguments pointer(long address) {
    values.add(Pointer.to(new long[] {address}));
    sizes.add(Long.BYTES);
    return this;
  }

  /** Adds a 32-bit integer. */
  public Arguments integer(int value) {
    values.add(Pointer.to(new int[] {value}));
    sizes.add(Integer.BYTES);
    return this;
  }

  /** Adds a 32-bit float. */
  public Arguments real(double value) {
    values.add(Pointer.to(new float[] {(float) value}));
    sizes.add(Float.BYTES);
    return this;
  }

  /** Adds a structure. */
  public Arguments struct(Struct struct) {
    byte[] bytes = struct.toBytes();
    values.add(Pointer.to(bytes));
    sizes.add(bytes.length);
    return this;
  }

  List<Integer> sizes() {
    return sizes;
  }

  Pointer toPointer() {
    return Pointer.to(values.toArray(NativePointerObject[]::new));
  }
}
