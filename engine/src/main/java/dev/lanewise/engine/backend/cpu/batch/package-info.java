/** The samples at hand: which they are, how they get in, and what is known of them on their way. */
@NullMarked
package dev.lanewise.engine.backend.cpu.batch;

import org.jspecify.annotations.NullMarked;
