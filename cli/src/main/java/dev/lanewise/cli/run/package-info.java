/** The folder that a training run leaves, and the files in it. */
@NullMarked
package dev.lanewise.cli.run;

import org.jspecify.annotations.NullMarked;
