/** Walks over time, which know no cell, and cells, a file each. */
@NullMarked
package dev.lanewise.cuda.recurrent;

import org.jspecify.annotations.NullMarked;
