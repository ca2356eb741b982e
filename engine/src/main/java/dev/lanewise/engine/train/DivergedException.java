package dev.lanewise.engine.train;

/** Thrown when the loss stops being a number: every later step would only spread it. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DivergedException(int epoch, double validationLoss) {
    super(
        "fit: the validation loss is "
            + validationLoss
            + " after epoch "
            + (epoch + 1)
            + "; lower the learning rate or scale the inputs");
  }

  DivergedException(int epoch, int batch, double loss) {
    super(
        "fit: the loss is "
            + loss
            + " in epoch "
            + (epoch + 1)
            + ", batch "
            + (batch + 1)
            + "; lower the learning rate or scale the inputs");
  }
}
