/** A model on the device: its layers one after the other or fused, its loss, its metrics. */
@NullMarked
package dev.lanewise.cuda.network;

import org.jspecify.annotations.NullMarked;
