/** Layers: what they share, their weights, and their runs, of which each worker has its own. */
@NullMarked
package dev.lanewise.engine.backend.cpu.layer;

import org.jspecify.annotations.NullMarked;
