/** The commands that begin with a trained model, a data set or a run that is over. */
@NullMarked
package dev.lanewise.cli.command;

import org.jspecify.annotations.NullMarked;
