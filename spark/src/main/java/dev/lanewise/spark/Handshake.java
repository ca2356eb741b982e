package dev.lanewise.spark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How two tasks of one attempt at one fit know each other: both have the attempt's token from
 * Spark's driver, and neither sends it. The one that listens asks with a number of its own, and
 * each answers with what only a holder of the token can make of it.
 */
final class Handshake {
  static final int TOKEN_BYTES = 32;
  private static final int QUESTION_BYTES = 16;
  private static final int ANSWER_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] token;

  Handshake(byte[] token) {
    this.token = token.clone();
  }

  static byte[] newToken() {
    byte[] token = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(token);
    return token;
  }

  /**
   * Asks whoever has connected for the token.
   *
   * @param rank whom this task waits for
   * @throws IOException if it is somebody else
   */
  void listen(Link link, int rank) throws IOException {
    byte[] question = new byte[QUESTION_BYTES];
    RANDOM.nextBytes(question);
    link.write(ByteBuffer.wrap(question));
    requireAnswer(link, answer("connects", rank, question));
    link.write(ByteBuffer.wrap(answer("listens", rank, question)));
  }

  /**
   * Answers the task that was connected to, and learns whether it has the token, too.
   *
   * @param rank this task's
   */
  void connect(Link link, int rank) throws IOException {
    byte[] question = new byte[QUESTION_BYTES];
    link.read(ByteBuffer.wrap(question));
    link.write(ByteBuffer.wrap(answer("connects", rank, question)));
    requireAnswer(link, answer("listens", rank, question));
  }

  private static void requireAnswer(Link link, byte[] expected) throws IOException {
    byte[] found = new byte[ANSWER_BYTES];
    link.read(ByteBuffer.wrap(found));
    if (!MessageDigest.isEqual(found, expected)) {
      throw new IOException("it does not know this attempt's token");
    }
  }

  private byte[] answer(String role, int rank, byte[] question) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(token, "HmacSHA256"));
      mac.update(role.getBytes(StandardCharsets.US_ASCII));
      mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(rank).flip());
      return mac.doFinal(question);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
