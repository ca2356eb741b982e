package dev.lanewise.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * A rectangle of a {@link Tensor}: what an operation reads or writes. Made once, when a plan is
 * made, with its bounds proven; never owns memory.
 */
public final class Matrix {
  private final Tensor tensor;
  private final int rows;
  private final int columns;
  private final long rowStride;
  private final long address;
  private final int paddedColumns;

  /** Creates a view; {@link Tensor#matrix} is the way to one. */
  Matrix(Tensor tensor, long firstRow, int rows, int firstColumn, int columns) {
    int stride = tensor.rowStride();
    boolean inside =
        firstRow >= 0
            && rows >= 1
            && firstRow + rows <= tensor.rowCount()
            && firstColumn >= 0
            && columns >= 1
            && (long) firstColumn + columns <= stride;
    if (!inside) {
      throw new IndexOutOfBoundsException(
          "matrix of "
              + rows
              + " rows from "
              + firstRow
              + " and "
              + columns
              + " columns from "
              + firstColumn
              + " is not inside tensor "
              + tensor);
    }
    this.tensor = tensor;
    this.rows = rows;
    this.columns = columns;
    rowStride = stride;
    address = tensor.address() + (firstRow * stride + firstColumn) * Float.BYTES;
    paddedColumns = stride - firstColumn;
  }

  /** {@return the number of rows} */
  public int rows() {
    return rows;
  }

  /** {@return the number of columns} */
  public int columns() {
    return columns;
  }

  /** {@return the columns that each row has room for, this view's and all behind them} */
  public int paddedColumns() {
    return paddedColumns;
  }

  /** {@return the elements from row to row} */
  public long rowStride() {
    return rowStride;
  }

  /** {@return the byte offset of the first element in {@link AddressSpace#SPACE}} */
  public long address() {
    return address;
  }

  /**
   * {@return the byte offset of an element}
   *
   * @param row counted from 0
   * @param column counted from 0
   */
  public long address(int row, int column) {
    return address + (row * rowStride + column) * Float.BYTES;
  }

  /**
   * {@return a view of some of the rows}
   *
   * @param first counted from 0
   * @param count how many
   * @throws IndexOutOfBoundsException if it is not inside this one
   */
  public Matrix rows(int first, int count) {
    Objects.checkFromIndexSize(first, count, rows);
    long before = (address(first, 0) - tensor.address()) / Float.BYTES;
    return new Matrix(
        tensor, before / rowStride, count, Math.toIntExact(before % rowStride), columns);
  }

  /** {@return the tensor that it is a part of} */
  public Tensor tensor() {
    return tensor;
  }

  /**
   * {@return one element; for code outside hot loops, inside a computation that holds the arena}
   *
   * @param row counted from 0
   * @param column counted from 0
   * @throws IndexOutOfBoundsException if row or column is outside
   */
  public float get(int row, int column) {
    return AddressSpace.SPACE.get(ValueLayout.JAVA_FLOAT, checked(row, column));
  }

  /**
   * Sets one element; as {@link #get}.
   *
   * @param row counted from 0
   * @param column counted from 0
   * @param value the element's new value
   */
  public void set(int row, int column, float value) {
    AddressSpace.SPACE.set(ValueLayout.JAVA_FLOAT, checked(row, column), value);
  }

  /**
   * Copies a row's elements to the beginning of an array; as {@link #get}.
   *
   * @param row counted from 0
   * @param to takes them; at least as long as a row
   * @throws IndexOutOfBoundsException if there is no such row or no room
   */
  public void copyRow(int row, float[] to) {
    copyRow(row, to, 0);
  }

  /**
   * Copies a row's elements into an array; as {@link #get}.
   *
   * @param row counted from 0
   * @param to takes them
   * @param at where its first one goes
   * @throws IndexOutOfBoundsException if the row is outside, or the array is shorter
   */
  public void copyRow(int row, float[] to, int at) {
    long from = checked(row, 0);
    MemorySegment.copy(AddressSpace.SPACE, ValueLayout.JAVA_FLOAT, from, to, at, columns);
  }

  /**
   * Sets a row to the first elements of an array; as {@link #get}.
   *
   * @param row counted from 0
   * @param from at least as long as a row
   * @throws IndexOutOfBoundsException if the row is outside, or the array is shorter
   */
  public void setRow(int row, float[] from) {
    setRow(row, from, 0);
  }

  /**
   * Sets a row to elements of an array; as {@link #get}.
   *
   * @param row counted from 0
   * @param from has them
   * @param at where the first one is
   * @throws IndexOutOfBoundsException if the row is outside, or the array is shorter
   */
  public void setRow(int row, float[] from, int at) {
    long to = checked(row, 0);
    MemorySegment.copy(from, at, AddressSpace.SPACE, ValueLayout.JAVA_FLOAT, to, columns);
  }

  private long checked(int row, int column) {
    if (row < 0 || row >= rows || column < 0 || column >= columns) {
      throw new IndexOutOfBoundsException(
          "matrix [" + rows + ", " + columns + "] has no row " + row + ", column " + column);
    }
    return address(row, column);
  }

  /** Returns, for example, {@code h [25, 150]}. */
  @Override
  public String toString() {
    return tensor.label() + " [" + rows + ", " + columns + "]";
  }
}
