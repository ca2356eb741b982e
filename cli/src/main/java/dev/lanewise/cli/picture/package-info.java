/** Curves and digits, as PNG, as SVG and in the terminal. */
@NullMarked
package dev.lanewise.cli.picture;

import org.jspecify.annotations.NullMarked;
