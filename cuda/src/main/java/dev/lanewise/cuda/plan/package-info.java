/**
 * Plans and predictors: data, epochs, updates, recorded passes, and what they keep on the device.
 */
@NullMarked
package dev.lanewise.cuda.plan;

import org.jspecify.annotations.NullMarked;
