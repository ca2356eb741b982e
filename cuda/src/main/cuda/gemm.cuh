// Matrix products, row-major with strides. A block computes a tile of 32 x 64 outputs, 128 threads
// with 4 x 4 of them each, and walks the inner dimension 16 at a time through shared memory, where
// two tiles take turns: the next is on its way while one is multiplied. Each output has one order
// of summation, so two runs give the same bits.
//
// What lies beyond a matrix's outer indices is the last one's again: it adds to outputs that do not
// exist, and so needs no test. What lies beyond the inner ones is zero.
#pragma once

static const int TILE_M = 32;
static const int TILE_N = 64;
static const int TILE_K = 16;
static const int EACH = 4;
static const int GEMM_THREADS = (TILE_M / EACH) * (TILE_N / EACH);
// Blocks that a multiprocessor shall have room for: without it ptxas spills for sm_80 to have nine.
static const int GEMM_BLOCKS = 6;
static const int PAD = 4;  // keeps rows of a tile on 16 bytes

// Threads along a row of outputs. A thread's columns are so far apart, so that a warp writes
// neighbours; in a tile they lie side by side, so that the thread reads them at once.
static const int ACROSS = TILE_N / EACH;

// An operand's part of a tile, on its way from memory: element (o, k) of outer index o and inner
// index k. INNER says that k is the index that runs along memory, so that neighbouring threads load
// neighbours. With ONES there is one more outer index, whose elements are all 1.
template <bool INNER, bool ONES, int OUTER_TILE>
struct Part {
  static const int COUNT = OUTER_TILE * TILE_K / GEMM_THREADS;
  static const int STEP_O = INNER ? GEMM_THREADS / TILE_K : 0;
  static const int STEP_K = INNER ? 0 : GEMM_THREADS / OUTER_TILE;

  const float* from;
  size_t step;                      // between this thread's elements, unless INNER
  unsigned offsets[INNER ? COUNT : 1];  // of its elements, if INNER
  bool one;
  float of[COUNT];

  __device__ __forceinline__ Part(
      const float* matrix, int stride, int outer, int outer_begin, int inner_begin) {
    int o = min(outer_begin + my_o(), outer - 1);
    int k = inner_begin + my_k();
    one = ONES && outer_begin + my_o() == outer;
    step = (size_t)stride * STEP_K;
    from = INNER ? matrix + (size_t)o * stride + k : matrix + (size_t)k * stride + o;
    if (INNER) {
#pragma unroll
      for (int i = 0; i < COUNT; i++) {
        offsets[i] = (unsigned)min(i * STEP_O, outer - 1 - o) * stride;
      }
    }
  }

  static __device__ __forceinline__ int my_o() {
    return INNER ? threadIdx.x / TILE_K : threadIdx.x % OUTER_TILE;
  }

  static __device__ __forceinline__ int my_k() {
    return INNER ? threadIdx.x % TILE_K : threadIdx.x / OUTER_TILE;
  }

  // Loads the tile at hand, of which `left` inner indices are there (WHOLE: all), and moves on to the
  // next.
  template <bool WHOLE>
  __device__ __forceinline__ void load(int left) {
#pragma unroll
    for (int i = 0; i < COUNT; i++) {
      float value = 0.0f;
      if (WHOLE || my_k() + i * STEP_K < left) {
        value = INNER ? from[offsets[INNER ? i : 0]] : *from;
      }
      of[i] = one ? 1.0f : value;
      from += INNER ? 0 : step;
    }
    from += INNER ? TILE_K : 0;
  }

  __device__ __forceinline__ void store(float (*tile)[OUTER_TILE + PAD]) {
#pragma unroll
    for (int i = 0; i < COUNT; i++) {
      tile[my_k() + i * STEP_K][place(my_o() + i * STEP_O)] = of[i];
    }
  }

  // Where outer index o lies in a row of a tile.
  static __device__ __forceinline__ int place(int o) {
    return OUTER_TILE == TILE_N ? o % ACROSS * EACH + o / ACROSS : o;
  }
};

struct Sums {
  float of[EACH][EACH];
};

// A thread has neighbouring rows.
static __device__ __forceinline__ int my_row(int i) {
  return blockIdx.x * TILE_M + threadIdx.x / ACROSS * EACH + i;
}

static __device__ __forceinline__ int my_column(int j) {
  return blockIdx.y * TILE_N + threadIdx.x % ACROSS + j * ACROSS;
}

// The tiles at hand. Kernels declare them: what several share in name would be the module's own.
struct __align__(16) Tiles {
  float a[2][TILE_K][TILE_M + PAD];
  float b[2][TILE_K][TILE_N + PAD];
};

// Adds the products of the operands' elements [begin, end) to sums.
template <class A, class B>
__device__ __forceinline__ void add_products(
    Tiles& tiles, Sums& sums, A a_part, B b_part, int begin, int end) {
  int left = end - begin;
  a_part.template load<false>(left);
  b_part.template load<false>(left);
  a_part.store(tiles.a[0]);
  b_part.store(tiles.b[0]);
  __syncthreads();
  for (int turn = 0; left > 0; turn = 1 - turn) {
    left -= TILE_K;
    if (left >= TILE_K) {  // on its way while the tile at hand is multiplied
      a_part.template load<true>(left);
      b_part.template load<true>(left);
    } else if (left > 0) {
      a_part.template load<false>(left);
      b_part.template load<false>(left);
    }
#pragma unroll
    for (int k = 0; k < TILE_K; k++) {
      float4 rows = *(const float4*)&tiles.a[turn][k][threadIdx.x / ACROSS * EACH];
      float4 columns = *(const float4*)&tiles.b[turn][k][threadIdx.x % ACROSS * EACH];
      float x[EACH] = {rows.x, rows.y, rows.z, rows.w};
      float y[EACH] = {columns.x, columns.y, columns.z, columns.w};
#pragma unroll
      for (int i = 0; i < EACH; i++) {
#pragma unroll
        for (int j = 0; j < EACH; j++) {
          sums.of[i][j] += x[i] * y[j];
        }
      }
    }
    if (left > 0) {
      a_part.store(tiles.a[1 - turn]);
      b_part.store(tiles.b[1 - turn]);
      __syncthreads();
    }
  }
}

// The products of two matrices, the block's tile of them.
template <bool A_INNER, bool B_INNER, bool ONES>
__device__ __forceinline__ Sums tile_product(
    Tiles& tiles, const float* a, int a_stride, int m, const float* b, int b_stride, int n,
    int begin, int end) {
  Part<A_INNER, ONES, TILE_M> a_part(a, a_stride, m, blockIdx.x * TILE_M, begin);
  Part<B_INNER, false, TILE_N> b_part(b, b_stride, n, blockIdx.y * TILE_N, begin);
  Sums sums = {};
  add_products(tiles, sums, a_part, b_part, begin, end);
  return sums;
}

// Calls use(i, j, row, column) for the outputs of this thread that exist.
template <class Use>
static __device__ __forceinline__ void for_each_output(int m, int n, Use use) {
#pragma unroll
  for (int i = 0; i < EACH; i++) {
#pragma unroll
    for (int j = 0; j < EACH; j++) {
      int r = my_row(i);
      int c = my_column(j);
      if (r < m && c < n) {
        use(i, j, r, c);
      }
    }
  }
}
