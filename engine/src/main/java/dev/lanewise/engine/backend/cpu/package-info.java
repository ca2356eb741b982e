/** The plan that runs on the processor's cores. */
@NullMarked
package dev.lanewise.engine.backend.cpu;

import org.jspecify.annotations.NullMarked;
