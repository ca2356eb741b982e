/** Tasks whose answers lie hundreds of steps back, on which recurrent networks are compared. */
@NullMarked
package dev.lanewise.bench.longrange;

import org.jspecify.annotations.NullMarked;
