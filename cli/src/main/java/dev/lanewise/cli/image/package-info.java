/** Pictures of any size made into what a model has learnt from. */
@NullMarked
package dev.lanewise.cli.image;

import org.jspecify.annotations.NullMarked;
