/**
 * The engine on Apache Spark: training and answers on several machines with the bits of one.
 *
 * <p>A model is trained as on one machine, by {@code SparkFit} in place of {@code Model.fit}:
 *
 * {@snippet class="dev.lanewise.spark.MnistOnExecutors" region="page"}
 */
@NullMarked
package dev.lanewise.spark;

import org.jspecify.annotations.NullMarked;
