/** Models written for other runtimes, in the Open Neural Network Exchange format. */
@NullMarked
package dev.lanewise.engine.onnx;

import org.jspecify.annotations.NullMarked;
