package dev.lanewise.cuda.driver;

import java.util.ArrayList;
import java.util.List;
import jcuda.NativePointerObject;
import jcuda.Pointer;

/** A kernel's arguments in their order. */
public final class Arguments {
  private final List<Pointer> values = new ArrayList<>();

  /** Creates an empty list. */
  public Arguments() {}

  /** Adds a device address. */
  public Arguments pointer(long address) {
    values.add(Pointer.to(new long[] {address}));
    return this;
  }

  /** Adds a 32-bit integer. */
  public Arguments integer(int value) {
    values.add(Pointer.to(new int[] {value}));
    return this;
  }

  /** Adds a structure. */
  public Arguments struct(Struct struct) {
    values.add(Pointer.to(struct.toBytes()));
    return this;
  }

  Pointer toPointer() {
    return Pointer.to(values.toArray(NativePointerObject[]::new));
  }
}
