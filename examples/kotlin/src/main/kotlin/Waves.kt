import dev.lanewise.engine.data.Dataset
import dev.lanewise.engine.layer.Dense
import dev.lanewise.engine.layer.Lstm
import dev.lanewise.engine.loss.Loss
import dev.lanewise.engine.optimizer.Adam
import dev.lanewise.engine.tensor.Shape
import dev.lanewise.engine.train.FitOptions
import dev.lanewise.engine.train.Model
import kotlin.math.sin

/** Learns the next value of a sine wave. */
fun main() {
    val steps = 20
    val count = 500
    val waves = FloatArray(count * steps) { sin(0.3 * (it / steps + it % steps)).toFloat() }
    val next = FloatArray(count) { sin(0.3 * (it + steps)).toFloat() }
    val data = Dataset.of(Shape.of(steps, 1), waves, next, 1)
    Model.sequential(Shape.of(steps, 1), Lstm.of(16), Dense.of(1)).use { model ->
        model.compile(Adam.of(0.01), Loss.MEAN_SQUARED_ERROR)
        val history = model.fit(data, FitOptions.epochs(10).withBatchSize(25))
        println("losses ${history.history()["loss"]}")
        model.predictor().use { predictor ->
            val answer = FloatArray(1)
            predictor.predict(waves.copyOf(steps), answer)
            println("next ${answer[0]}, the wave itself ${next[0]}")
            check(model.evaluate(data, 25).loss() < 0.01) { "it has learned too little" }
        }
    }
}
