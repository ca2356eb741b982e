/** The kernels as Java calls them: names, grids, arguments, the codes of functions. */
@NullMarked
package dev.lanewise.cuda.kernel;

import org.jspecify.annotations.NullMarked;
