// The batch at hand, in device memory: written by the host when an epoch begins, moved on by
// `advance` at the end of every batch. Kernels read it there and not from their arguments, so that
// one CUDA graph serves every batch of every data set.
//
// BatchRecord.java writes these fields in this order.
#pragma once

struct Batch {
  const unsigned char* bytes;  // features [samples][positions][width], or null
  const float* floats;         // the same as floats, or null
  const int* labels;           // [samples][positions], or null
  const float* targets;        // [samples][positions][units], or null
  const int* order;            // the sample of each place in the epoch, or null: its own
  const float* step_sizes;     // of each batch of the epoch; null where nothing is trained
  float* results;              // [places][3]: loss, correct, absolute error
  int first;                   // the place of the batch's first sample
  int number;                  // the batch's number in the epoch
};

static __device__ __forceinline__ int sample_of(const Batch* batch, int row) {
  int place = batch->first + row;
  return batch->order ? batch->order[place] : place;
}
