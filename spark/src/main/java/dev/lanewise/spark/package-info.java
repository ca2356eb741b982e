/** The engine on Apache Spark: training and answers on several machines with the bits of one. */
@NullMarked
package dev.lanewise.spark;

import org.jspecify.annotations.NullMarked;
