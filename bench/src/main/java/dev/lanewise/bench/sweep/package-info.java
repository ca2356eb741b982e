/** A training step in many sizes, each as a share of the peak measured beside it. */
@NullMarked
package dev.lanewise.bench.sweep;

import org.jspecify.annotations.NullMarked;
