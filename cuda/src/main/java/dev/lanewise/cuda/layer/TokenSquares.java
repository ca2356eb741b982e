package dev.lanewise.cuda.layer;

/**
 * How an optimizer sees the gradient of a table for tokens: what it squares are the tokens' own
 * gradients, of which the table's are the sums.
 *
 * @param behind how far behind each gradient there lies what is squared in its place, in bytes; 0
 *     where there is no such table
 * @param limit what each element of a token's gradient is clipped to, 0 for none
 */
public record TokenSquares(long behind, double limit) {
  /** For models without a table. */
  public static final TokenSquares NONE = new TokenSquares(0, 0);
}
