package dev.lanewise.spark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.spark.sql.Row;

/**
 * The state of a sequence as bytes for Spark's store: what tells the model's weights from others,
 * and the values of {@link dev.lanewise.engine.backend.Stream#state}, little-endian.
 */
final class KeyState {
  /** Of the digest of the weights: enough to tell one model from another by mistake. */
  private static final int DIGEST_BYTES = 8;

  private final byte[] weights;
  private final int size;

  /**
   * Describes the states of a model.
   *
   * @param digest of its weights
   * @param size the values of a state
   */
  KeyState(String digest, int size) {
    weights = Arrays.copyOf(HexFormat.of().parseHex(digest), DIGEST_BYTES);
    this.size = size;
  }

  byte[] write(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(DIGEST_BYTES + size * Float.BYTES);
    bytes.put(weights).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return bytes.array();
  }

  /**
   * Returns the values of a state.
   *
   * @param key whose it is, for messages
   * @throws IllegalStateException if it is of another model
   */
  float[] read(Row key, byte[] kept) {
    byte[] found = Arrays.copyOf(kept, DIGEST_BYTES);
    if (!Arrays.equals(found, weights) || kept.length != DIGEST_BYTES + size * Float.BYTES) {
      throw new IllegalStateException(
          "the state of key "
              + key
              + " in the checkpoint is of a model with the weights "
              + HexFormat.of().formatHex(found)
              + ", this one's are "
              + HexFormat.of().formatHex(weights)
              + "; go on with the model that it was, or begin with a new checkpoint folder");
    }
    float[] values = new float[size];
    ByteBuffer.wrap(kept, DIGEST_BYTES, size * Float.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return values;
  }
}
