// The batch at hand, in device memory: written by the host when an epoch begins, moved on by
// the last kernel of every batch. Kernels read it there and not from their arguments, so that
// one CUDA graph serves every batch of every data set.
//
// BatchRecord.java writes these fields in this order.
#pragma once

// What changes from update to update; EpochRecord.java writes these fields in this order.
struct StepFactors {
  float step;
  float decay;     // the share that each weight loses first
  float mean;      // what Nadam multiplies m by,
  float gradient;  // the gradient by,
  float square;    // and v by
};

// What an output should be; Answers.java writes these fields in this order.
struct Answers {
  const int* labels;     // [samples][positions], or null
  const float* targets;  // [samples][positions][units], or null
  const float* weights;  // [samples][positions], null where all count alike
};

struct Batch {
  const unsigned char* bytes;  // features [samples][positions][width], or null
  const float* floats;         // the same as floats, or null
  Answers answers;             // of the first output
  const int* order;            // the sample of each place in the epoch, or null: its own
  const StepFactors* factors;  // of each batch of the epoch; null where nothing is trained
  float* results;              // [places][width]: loss, correct, absolute error, other metrics
  unsigned long long updates;  // done before the epoch's batch 0
  int number;                  // the batch's number in the epoch
  int first;                   // the place of the batch's first sample
  int width;                   // of a sample's results
  int updating;  // `number`, where the update may read it that moves the others on
};

// Those of further outputs are behind the record, one after the other.
static __device__ __forceinline__ const Answers* answers_of(const Batch* batch, int output) {
  return output == 0 ? &batch->answers : (const Answers*)(batch + 1) + (output - 1);
}

// The number of the update at hand, from 1; it stays where nothing is trained.
static __device__ __forceinline__ unsigned long long update_of(const Batch* batch) {
  return batch->updates + (batch->factors ? batch->number : 0) + 1;
}

static __device__ __forceinline__ int sample_of(const Batch* batch, int row) {
  int place = batch->first + row;
  return batch->order ? batch->order[place] : place;
}

static __device__ __forceinline__ float weight_of(
    const Answers* answers, int sample, int position, int positions) {
  return answers->weights ? answers->weights[(size_t)sample * positions + position] : 1.0f;
}
