/** The wire format of Protocol Buffers, written: what ONNX and event files are made of. */
@NullMarked
package dev.lanewise.engine.protobuf;

import org.jspecify.annotations.NullMarked;
