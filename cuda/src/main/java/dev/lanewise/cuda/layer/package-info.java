/** Layers on the device, each with its buffers and its launches. */
@NullMarked
package dev.lanewise.cuda.layer;

import org.jspecify.annotations.NullMarked;
