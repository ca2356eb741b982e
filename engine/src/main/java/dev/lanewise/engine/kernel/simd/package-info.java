/** The hot loops written with the Vector API. */
@NullMarked
package dev.lanewise.engine.kernel.simd;

import org.jspecify.annotations.NullMarked;
