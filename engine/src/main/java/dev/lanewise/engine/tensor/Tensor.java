package dev.lanewise.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A float32 array in an arena: row-major, the last dimension being the row, rows {@code rowStride}
 * elements apart. The padding between rows starts as zeros.
 */
public final class Tensor {
  private final TensorArena arena;
  private final String label;
  private final Shape shape;
  private final int rowStride;
  private final long rowCount;
  private final MemorySegment segment;
  private final long address;

  Tensor(TensorArena arena, String label, Shape shape, int rowStride, MemorySegment segment) {
    this.arena = arena;
    this.label = label;
    this.shape = shape;
    this.rowStride = rowStride;
    this.segment = segment;
    rowCount = shape.elementCount() / shape.size(-1);
    address = segment.address() - AddressSpace.SPACE.address();
  }

  static long byteCount(String label, Shape shape, int rowStride) {
    if (shape.rank() < 1 || rowStride < shape.size(-1)) {
      throw new IllegalArgumentException(
          "tensor " + label + ": rows of " + shape + " do not fit a stride of " + rowStride);
    }
    try {
      long rows = shape.elementCount() / shape.size(-1);
      return Math.multiplyExact(Math.multiplyExact(rows, (long) rowStride), (long) Float.BYTES);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "tensor " + label + " " + shape + " has more than 2^63 bytes", e);
    }
  }

  /** {@return the name given at its making} */
  public String label() {
    return label;
  }

  /** {@return the sizes} */
  public Shape shape() {
    return shape;
  }

  /** {@return the elements from row to row} */
  public int rowStride() {
    return rowStride;
  }

  /** {@return the rows in all: the product of all sizes but the last} */
  public long rowCount() {
    return rowCount;
  }

  /** {@return the arena that owns it} */
  public TensorArena arena() {
    return arena;
  }

  /** {@return the byte offset of the first element in {@link AddressSpace#SPACE}} */
  public long address() {
    return address;
  }

  /**
   * {@return a view of some rows and columns}
   *
   * @param firstRow counted from 0
   * @param rows how many
   * @param firstColumn counted from 0
   * @param columns how many
   * @throws IndexOutOfBoundsException if it is not inside the tensor
   */
  public Matrix matrix(long firstRow, int rows, int firstColumn, int columns) {
    return new Matrix(this, firstRow, rows, firstColumn, columns);
  }

  /** {@return all rows and columns as a matrix} */
  public Matrix matrix() {
    return matrix(0, Math.toIntExact(rowCount), 0, shape.size(-1));
  }

  /**
   * {@return one element}
   *
   * @param row counted from 0
   * @param column counted from 0
   * @throws IllegalStateException if the arena is closed
   * @throws IndexOutOfBoundsException if row or column is outside
   */
  public float get(long row, int column) {
    return segment.get(ValueLayout.JAVA_FLOAT, byteOffset(row, column));
  }

  /**
   * Sets one element; throws as {@link #get}.
   *
   * @param row counted from 0
   * @param column counted from 0
   * @param value the element's new value
   */
  public void set(long row, int column, float value) {
    segment.set(ValueLayout.JAVA_FLOAT, byteOffset(row, column), value);
  }

  /**
   * Copies row-major values without padding into the tensor.
   *
   * @param values as many as the tensor has
   * @throws IllegalArgumentException if the count differs from the shape's
   * @throws IllegalStateException if the arena is closed
   */
  public void copyFrom(float[] values) {
    requireCount(values.length);
    int columns = shape.size(-1);
    for (long r = 0; r < rowCount; r++) {
      MemorySegment.copy(
          values,
          Math.toIntExact(r * columns),
          segment(),
          ValueLayout.JAVA_FLOAT,
          r * rowStride * Float.BYTES,
          columns);
    }
  }

  /** {@return the values in row-major order without padding; throws as {@link #get}} */
  public float[] toArray() {
    int columns = shape.size(-1);
    float[] values = new float[Math.toIntExact(shape.elementCount())];
    for (long r = 0; r < rowCount; r++) {
      MemorySegment.copy(
          segment(),
          ValueLayout.JAVA_FLOAT,
          r * rowStride * Float.BYTES,
          values,
          Math.toIntExact(r * columns),
          columns);
    }
    return values;
  }

  /**
   * Copies elements as they lie, padding between rows and all, to memory of others.
   *
   * @param first the first of them, counted from the tensor's beginning with the padding
   * @param target takes as many floats as it has room for
   * @throws IndexOutOfBoundsException if they are not inside the tensor
   * @throws IllegalStateException if the arena is closed
   */
  public void copyTo(long first, MemorySegment target) {
    target.copyFrom(segment().asSlice(first * Float.BYTES, target.byteSize()));
  }

  /**
   * Copies elements as they lie from memory of others; otherwise as {@link #copyTo}.
   *
   * @param first the first element to take one
   * @param source floats
   */
  public void copyFrom(long first, MemorySegment source) {
    segment().asSlice(first * Float.BYTES, source.byteSize()).copyFrom(source);
  }

  private MemorySegment segment() {
    arena.requireOpen();
    return segment;
  }

  private long byteOffset(long row, int column) {
    arena.requireOpen();
    if (row < 0 || row >= rowCount || column < 0 || column >= shape.size(-1)) {
      throw new IndexOutOfBoundsException(
          "tensor " + label + " " + shape + " has no row " + row + ", column " + column);
    }
    return (row * rowStride + column) * Float.BYTES;
  }

  private void requireCount(int count) {
    if (count != shape.elementCount()) {
      throw new IllegalArgumentException(
          "tensor "
              + label
              + " "
              + shape
              + " takes "
              + shape.elementCount()
              + " values, found "
              + count);
    }
  }

  /** Returns, for example, {@code recurrent_kernel [150, 150]}. */
  @Override
  public String toString() {
    return label + " " + shape;
  }
}
