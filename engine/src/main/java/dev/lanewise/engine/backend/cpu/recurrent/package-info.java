/** Recurrent layers: the walks over time, which know no cell, and a file for each cell. */
@NullMarked
package dev.lanewise.engine.backend.cpu.recurrent;

import org.jspecify.annotations.NullMarked;
