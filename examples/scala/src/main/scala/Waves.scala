import dev.lanewise.engine.data.Dataset
import dev.lanewise.engine.layer.{Dense, Gru}
import dev.lanewise.engine.loss.Loss
import dev.lanewise.engine.optimizer.Adam
import dev.lanewise.engine.tensor.Shape
import dev.lanewise.engine.train.{FitOptions, Model}
import scala.util.Using

/** Learns the next value of a sine wave. */
@main def waves(): Unit =
  val steps = 20
  val count = 500
  val values = Array.tabulate(count * steps)(i => math.sin(0.3 * (i / steps + i % steps)).toFloat)
  val next = Array.tabulate(count)(i => math.sin(0.3 * (i + steps)).toFloat)
  val data = Dataset.of(Shape.of(steps, 1), values, next, 1)
  Using.resource(Model.sequential(Shape.of(steps, 1), Gru.of(16), Dense.of(1))): model =>
    model.compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR)
    val history = model.fit(data, FitOptions.epochs(10).withBatchSize(25))
    println(s"losses ${history.history().get("loss")}")
    Using.resource(model.predictor()): predictor =>
      val answer = Array(0f)
      predictor.predict(values.take(steps), answer)
      println(s"next ${answer(0)}, the wave itself ${next(0)}")
    if !(model.evaluate(data, 25).loss() < 0.01) then throw AssertionError("it has learned too little")
