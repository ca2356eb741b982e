/** The options of a training run, and those of them that its result depends on. */
@NullMarked
package dev.lanewise.cli.train.setting;

import org.jspecify.annotations.NullMarked;
