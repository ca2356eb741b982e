// The part of libcuda.so.1 that the CUDA backend calls, on a CPU that interprets the PTX it is given.
// A test's tool, never a device: it says so in its name, and no time that it takes means anything.
//
// Stream work is put off until somebody waits for it, so that a host buffer that is used again too
// early shows in the results. Calls can be made to fail: the n-th since `standin_fail`, or all of one
// name by the environment, as in LANEWISE_STANDIN_REFUSES=cuModuleLoadDataEx=221, for a program that
// loads this as its driver.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "block.hpp"
#include "memory.hpp"
#include "ptx.hpp"

namespace {

enum Result {
  SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NOT_INITIALIZED = 3, NO_DEVICE = 100,
  INVALID_DEVICE = 101, INVALID_CONTEXT = 201, INVALID_PTX = 218, INVALID_HANDLE = 400,
  NOT_FOUND = 500, NOT_READY = 600, LAUNCH_FAILED = 719, NOT_PERMITTED = 800, CAPTURE_UNSUPPORTED = 900, CAPTURE_INVALID = 901
};

constexpr int SHARED = 65536;          // of compute capability 7.5
constexpr int SHARED_UNASKED = 49152;  // of every device

using Work = std::function<void()>;

struct Stream {
  std::deque<Work> work;
  bool capturing = false;
  std::thread::id recorder;  // the thread that records
  std::vector<Work> captured;
};

struct Event {
  Stream* stream = nullptr;
  uint64_t recorded = 0;  // number of records
  uint64_t reached = 0;
};

struct Graph { std::vector<Work> work; };
struct GraphExec { std::vector<Work> work; };
struct LoadedModule { std::shared_ptr<const ptx::Module> module; };
struct Function {
  const ptx::Kernel* kernel;
  int added = 0;  // the shared bytes that a launch may add, where it was asked for
};
struct Context { int users = 0; };

struct State {
  std::recursive_mutex lock;
  bool initialized = false;
  int devices = 1;
  int version = 12020;
  int shared = SHARED;  // bytes that a block may have where a kernel asks for it
  memory::Heap heap{uint64_t(4) << 30};
  Context context;
  std::set<Stream*> streams;
  std::set<Event*> events;
  std::set<Graph*> graphs;
  std::set<GraphExec*> execs;
  std::set<LoadedModule*> modules;
  std::vector<std::unique_ptr<Function>> functions;
  std::map<uint8_t*, size_t> pinned;
  uint32_t launches = 0;
  long blocks = 0;        // of all launches
  std::map<std::string, block::Counts> counts;  // by kernel, since standin_forget
  std::string told;
  std::map<const char*, long> called;  // by name, since standin_forget
  bool idle = false;    // kernels are counted, and do nothing
  bool broken = false;  // a kernel faulted: the context is of no more use
  std::string fault;
  long calls = 0;
  long fail_at = 0;
  int fail_code = 0;
  long leaked = 0;

  long live() const {
    return long(heap.count() + streams.size() + events.size() + graphs.size() + execs.size() +
                modules.size() + pinned.size()) + context.users;
  }
};

State& state() {
  static State* s = new State;  // never destroyed: the JVM may call until its very end
  return *s;
}

thread_local Context* current = nullptr;

// What the environment has a call return; 0 for nothing.
int refusal(const char* call) {
  static const char* refused = std::getenv("LANEWISE_STANDIN_REFUSES");
  if (!refused) return SUCCESS;
  size_t length = std::strlen(call);
  return std::strncmp(refused, call, length) == 0 && refused[length] == '='
             ? std::atoi(refused + length + 1)
             : int(SUCCESS);
}

// What every call does first: count, fail if told to.
#define ENTER                                            \
  State& s = state();                                    \
  std::lock_guard<std::recursive_mutex> guard(s.lock);   \
  s.called[__func__]++;                                  \
  if (++s.calls == s.fail_at) return s.fail_code;        \
  if (int refused = refusal(__func__)) return refused;   \
  (void)0

#define WITH_CONTEXT                                     \
  ENTER;                                                 \
  if (!s.initialized) return NOT_INITIALIZED;            \
  if (!current || s.context.users == 0) return INVALID_CONTEXT; \
  if (s.broken) return LAUNCH_FAILED

// Calls that a driver refuses, or may refuse, from a thread that records a graph; others go on.
#define NOT_WHILE_RECORDING                              \
  WITH_CONTEXT;                                          \
  for (Stream* each : s.streams) {                       \
    if (each->capturing && each->recorder == std::this_thread::get_id()) return CAPTURE_UNSUPPORTED; \
  }                                                      \
  (void)0

int drain(State& s, Stream* stream, const std::function<bool()>& enough = [] { return false; }) {
  while (!stream->work.empty() && !enough()) {
    Work work = std::move(stream->work.front());
    stream->work.pop_front();
    if (s.broken) continue;
    try {
      work();
    } catch (const ptx::Fault& e) {
      s.broken = true;
      s.fault = e.what();
    }
  }
  return s.broken ? LAUNCH_FAILED : SUCCESS;
}

int drain_all(State& s) {
  for (Stream* stream : s.streams) drain(s, stream);
  return s.broken ? LAUNCH_FAILED : SUCCESS;
}

int enqueue(State& s, void* handle, Work work) {
  auto* stream = static_cast<Stream*>(handle);
  if (!s.streams.count(stream)) return INVALID_HANDLE;
  (stream->capturing ? stream->captured.push_back(std::move(work))
                     : stream->work.push_back(std::move(work)));
  return SUCCESS;
}

bool is_pinned(State& s, const void* at, size_t bytes) {
  auto* p = static_cast<uint8_t*>(const_cast<void*>(at));
  auto it = s.pinned.upper_bound(p);
  if (it == s.pinned.begin()) return false;
  --it;
  return p + bytes <= it->first + it->second;
}

// Tests load the same texts hundreds of times.
std::shared_ptr<const ptx::Module> parsed(const std::string& text) {
  static std::map<std::string, std::shared_ptr<const ptx::Module>> modules;
  auto& module = modules[text];
  if (!module) module = std::make_shared<const ptx::Module>(ptx::parse(text));
  return module;
}

// Writes to the buffer that the options of a load name for what is wrong.
void log_error(const std::string& text, unsigned count, const int* options, void** values) {
  enum { BUFFER = 5, BYTES = 6 };
  char* buffer = nullptr;
  size_t bytes = 0;
  for (unsigned i = 0; i < count; i++) {
    if (options[i] == BUFFER) buffer = static_cast<char*>(values[i]);
    if (options[i] == BYTES) bytes = size_t(values[i]);
  }
  if (buffer && bytes > 0) std::snprintf(buffer, bytes, "%s\n", text.c_str());
}

void launch(State& s, const ptx::Kernel& kernel, const std::vector<uint8_t>& arguments,
            block::Grid grid) {
  uint32_t number = ++s.launches;
  uint32_t blocks = grid.x * grid.y * grid.z;
  s.blocks += blocks;
  if (s.idle) return;
  std::atomic<uint32_t> next{0};
  std::mutex first_fault;
  std::string fault;
  block::Counts counts;
  auto worker = [&] {
    block::Counts mine;
    for (uint32_t i; (i = next++) < blocks;) {
      try {
        block::run(kernel, arguments, grid, i, number, s.heap, mine);
      } catch (const ptx::Fault& e) {
        std::lock_guard<std::mutex> guard(first_fault);
        if (fault.empty()) fault = e.what();
        next = blocks;
      }
    }
    std::lock_guard<std::mutex> guard(first_fault);
    counts.add(mine);
  };
  uint32_t workers = std::min(blocks, std::max(1u, std::thread::hardware_concurrency()));
  std::vector<std::thread> threads;
  for (uint32_t t = 1; t < workers; t++) threads.emplace_back(worker);
  worker();
  for (auto& t : threads) t.join();
  counts.launches = 1;
  s.counts[kernel.name].add(counts);
  if (!fault.empty()) throw ptx::Fault(fault);
}

// Returns whether the stream was recording.
bool stop_recording(void* handle) {
  State& s = state();
  std::lock_guard<std::recursive_mutex> guard(s.lock);
  auto* stream = static_cast<Stream*>(handle);
  if (!s.streams.count(stream) || !stream->capturing) return false;
  stream->capturing = false;
  return true;
}

template <class T>
int destroy(std::set<T*>& all, void* handle) {
  auto* t = static_cast<T*>(handle);
  if (!all.erase(t)) return INVALID_HANDLE;
  delete t;
  return SUCCESS;
}

void release_everything(State& s) {
  s.leaked += s.live();
  for (auto* x : s.streams) delete x;
  for (auto* x : s.events) delete x;
  for (auto* x : s.graphs) delete x;
  for (auto* x : s.execs) delete x;
  for (auto* x : s.modules) delete x;
  for (auto& [at, bytes] : s.pinned) delete[] at;
  s.streams.clear(); s.events.clear(); s.graphs.clear(); s.execs.clear(); s.modules.clear();
  s.pinned.clear(); s.functions.clear();
  s.heap.clear();
  s.broken = false;
}

}  // namespace

extern "C" {

// ---- what tests tell the stand-in, and ask it ----

void standin_fail(long nth, int code) {
  State& s = state();
  std::lock_guard<std::recursive_mutex> guard(s.lock);
  s.calls = 0;
  s.fail_at = nth;
  s.fail_code = code;
}
// For tests of what happens around the kernels.
void standin_idle() {
  State& s = state();
  std::lock_guard<std::recursive_mutex> guard(s.lock);
  s.idle = true;
}
long standin_calls() { return state().calls; }
long standin_live() { return state().live(); }
long standin_leaked() { return state().leaked; }
long standin_launches() { return state().launches; }
long standin_blocks() { return state().blocks; }
// A line for each kernel that has run: its name, and block::Counts in their order.
const char* standin_counts() {
  State& s = state();
  std::lock_guard<std::recursive_mutex> guard(s.lock);
  s.told.clear();
  for (auto& [kernel, c] : s.counts) {
    s.told += kernel;
    for (uint64_t each : {c.launches, c.instructions, c.loaded, c.stored, c.shared, c.shuffles, c.barriers}) {
      s.told += "," + std::to_string(each);
    }
    s.told += "\n";
  }
  return s.told.c_str();
}
long standin_called(const char* name) {
  State& s = state();
  std::lock_guard<std::recursive_mutex> guard(s.lock);
  for (auto& [call, times] : s.called) {
    if (std::strcmp(call, name) == 0) return times;
  }
  return 0;
}
const char* standin_fault() { return state().fault.c_str(); }
void standin_forget() {
  State& s = state();
  std::lock_guard<std::recursive_mutex> guard(s.lock);
  s.context.users = 0;
  release_everything(s);
  s.fault.clear();
  s.leaked = 0;
  s.called.clear();
  s.counts.clear();
  s.fail_at = 0;
  s.idle = false;
  s.devices = 1;
  s.version = 12020;
  s.shared = SHARED;
  s.heap.limit(uint64_t(4) << 30);
}
void standin_device(int count, int version, long bytes) {
  State& s = state();
  std::lock_guard<std::recursive_mutex> guard(s.lock);
  s.devices = count;
  s.version = version;
  s.heap.limit(uint64_t(bytes));
}
void standin_shared(int bytes) {
  State& s = state();
  std::lock_guard<std::recursive_mutex> guard(s.lock);
  s.shared = bytes;
}

// ---- devices and contexts ----

int cuInit(unsigned) {
  ENTER;
  if (s.devices == 0) return NO_DEVICE;
  s.initialized = true;
  return SUCCESS;
}
int cuDriverGetVersion(int* version) {
  ENTER;
  *version = s.version;
  return SUCCESS;
}
int cuDeviceGetCount(int* count) {
  ENTER;
  *count = s.devices;
  return SUCCESS;
}
int cuDeviceGet(int* device, int ordinal) {
  ENTER;
  if (ordinal < 0 || ordinal >= s.devices) return INVALID_DEVICE;
  *device = ordinal;
  return SUCCESS;
}
int cuDeviceGetName(char* name, int length, int) {
  ENTER;
  std::snprintf(name, length, "CPU emulation (not a GPU)");
  return SUCCESS;
}
int cuDeviceTotalMem_v2(size_t* bytes, int) {
  ENTER;
  *bytes = s.heap.limit();
  return SUCCESS;
}
int cuDeviceGetAttribute(int* value, int attribute, int) {
  ENTER;
  switch (attribute) {
    case 1: *value = 1024; break;   // threads of a block
    case 8: *value = SHARED_UNASKED; break;  // shared bytes of a block
    case 12: *value = 65536; break; // registers of a block
    case 16: *value = 1; break;     // multiprocessors
    case 75: *value = 7; break;     // compute capability
    case 76: *value = 5; break;
    case 97: *value = s.shared; break;  // shared bytes of a block of a kernel that asks for them
    default: return INVALID_VALUE;
  }
  return SUCCESS;
}
int cuDevicePrimaryCtxRetain(void** context, int device) {
  ENTER;
  if (!s.initialized) return NOT_INITIALIZED;
  if (device < 0 || device >= s.devices) return INVALID_DEVICE;
  s.context.users++;
  *context = &s.context;
  return SUCCESS;
}
int cuDevicePrimaryCtxRelease_v2(int) {
  ENTER;
  if (s.context.users == 0) return INVALID_CONTEXT;
  if (--s.context.users == 0) release_everything(s);
  return SUCCESS;
}
int cuCtxSetCurrent(void* context) {
  ENTER;
  current = static_cast<Context*>(context);
  return SUCCESS;
}
int cuCtxSynchronize() {
  NOT_WHILE_RECORDING;
  return drain_all(s);
}

// ---- modules ----

int cuModuleLoadDataEx(void** module, const void* image, unsigned count, int* options, void** values) {
  NOT_WHILE_RECORDING;
  try {
    auto* loaded = new LoadedModule{parsed(static_cast<const char*>(image))};
    s.modules.insert(loaded);
    *module = loaded;
    return SUCCESS;
  } catch (const std::exception& e) {
    s.fault = e.what();
    log_error(s.fault, count, options, values);
    return INVALID_PTX;
  }
}
int cuModuleLoadData(void** module, const void* image) {
  return cuModuleLoadDataEx(module, image, 0, nullptr, nullptr);
}
int cuModuleUnload(void* module) {
  NOT_WHILE_RECORDING;
  drain_all(s);
  return destroy(s.modules, module);
}
int cuModuleGetFunction(void** function, void* module, const char* name) {
  NOT_WHILE_RECORDING;
  auto* loaded = static_cast<LoadedModule*>(module);
  if (!s.modules.count(loaded)) return INVALID_HANDLE;
  auto it = loaded->module->kernels.find(name);
  if (it == loaded->module->kernels.end()) return NOT_FOUND;
  s.functions.push_back(std::make_unique<Function>(Function{&it->second, 0}));
  *function = s.functions.back().get();
  return SUCCESS;
}
int cuFuncSetAttribute(void* function, int attribute, int value) {
  NOT_WHILE_RECORDING;
  constexpr int MOST_ADDED_SHARED = 8;
  auto* f = static_cast<Function*>(function);
  if (!f || attribute != MOST_ADDED_SHARED || value < 0 || f->kernel->shared_bytes + value > s.shared) {
    return INVALID_VALUE;
  }
  f->added = value;
  return SUCCESS;
}

// ---- memory ----

int cuMemGetInfo_v2(size_t* free, size_t* total) {
  WITH_CONTEXT;
  *total = s.heap.limit();
  *free = s.heap.limit() - s.heap.used();
  return SUCCESS;
}
int cuMemAlloc_v2(uint64_t* address, size_t bytes) {
  NOT_WHILE_RECORDING;
  if (bytes == 0) return INVALID_VALUE;
  *address = s.heap.allocate(bytes);
  return *address ? SUCCESS : OUT_OF_MEMORY;
}
int cuMemFree_v2(uint64_t address) {
  NOT_WHILE_RECORDING;
  drain_all(s);
  return s.heap.free(address) ? SUCCESS : INVALID_VALUE;
}
int cuMemHostAlloc(void** host, size_t bytes, unsigned) {
  NOT_WHILE_RECORDING;
  auto* p = new (std::nothrow) uint8_t[bytes];
  if (!p) return OUT_OF_MEMORY;
  s.pinned[p] = bytes;
  *host = p;
  return SUCCESS;
}
int cuMemFreeHost(void* host) {
  NOT_WHILE_RECORDING;
  drain_all(s);
  auto it = s.pinned.find(static_cast<uint8_t*>(host));
  if (it == s.pinned.end()) return INVALID_VALUE;
  delete[] it->first;
  s.pinned.erase(it);
  return SUCCESS;
}
int cuMemcpyHtoDAsync_v2(uint64_t to, const void* from, size_t bytes, void* stream) {
  WITH_CONTEXT;
  if (!is_pinned(s, from, bytes) || !s.heap.find(to, bytes)) return INVALID_VALUE;
  return enqueue(s, stream, [&s, to, from, bytes] {
    if (!s.heap.find(to, bytes)) throw ptx::Fault("a copy to memory that was freed");
    std::memcpy(reinterpret_cast<void*>(to), from, bytes);
    s.heap.mark_written(to, bytes);
  });
}
int cuMemcpyDtoHAsync_v2(void* to, uint64_t from, size_t bytes, void* stream) {
  WITH_CONTEXT;
  if (!is_pinned(s, to, bytes) || !s.heap.find(from, bytes)) return INVALID_VALUE;
  return enqueue(s, stream, [&s, to, from, bytes] {
    if (!s.heap.find(from, bytes)) throw ptx::Fault("a copy of memory that was freed");
    std::memcpy(to, reinterpret_cast<void*>(from), bytes);
  });
}
int cuMemsetD32Async(uint64_t to, unsigned value, size_t count, void* stream) {
  WITH_CONTEXT;
  if (to % 4 != 0 || !s.heap.find(to, count * 4)) return INVALID_VALUE;
  return enqueue(s, stream, [&s, to, value, count] {
    auto* p = reinterpret_cast<uint32_t*>(to);
    std::fill(p, p + count, value);
    s.heap.mark_written(to, count * 4);
  });
}

// ---- streams and events ----

int cuStreamCreate(void** stream, unsigned) {
  WITH_CONTEXT;
  auto* made = new Stream;
  s.streams.insert(made);
  *stream = made;
  return SUCCESS;
}
int cuStreamDestroy_v2(void* stream) {
  NOT_WHILE_RECORDING;
  auto* old = static_cast<Stream*>(stream);
  if (!s.streams.count(old)) return INVALID_HANDLE;
  drain(s, old);
  return destroy(s.streams, stream);
}
int cuStreamSynchronize(void* stream) {
  WITH_CONTEXT;
  auto* waited = static_cast<Stream*>(stream);
  if (!s.streams.count(waited)) return INVALID_HANDLE;
  if (waited->capturing) return NOT_PERMITTED;
  return drain(s, waited);
}
int cuEventCreate(void** event, unsigned) {
  WITH_CONTEXT;
  auto* made = new Event;
  s.events.insert(made);
  *event = made;
  return SUCCESS;
}
int cuEventDestroy_v2(void* event) {
  WITH_CONTEXT;
  drain_all(s);
  return destroy(s.events, event);
}
int cuEventRecord(void* event, void* stream) {
  WITH_CONTEXT;
  auto* e = static_cast<Event*>(event);
  if (!s.events.count(e)) return INVALID_HANDLE;
  e->stream = static_cast<Stream*>(stream);
  uint64_t number = ++e->recorded;
  return enqueue(s, stream, [e, number] { e->reached = number; });
}
int cuEventSynchronize(void* event) {
  NOT_WHILE_RECORDING;
  auto* e = static_cast<Event*>(event);
  if (!s.events.count(e)) return INVALID_HANDLE;
  // What was given after the record stays put off, as it may on a device.
  return e->reached < e->recorded ? drain(s, e->stream, [e] { return e->reached >= e->recorded; })
                                  : int(SUCCESS);
}
int cuStreamWaitEvent(void* stream, void* event, unsigned) {
  WITH_CONTEXT;
  auto* e = static_cast<Event*>(event);
  if (!s.events.count(e)) return INVALID_HANDLE;
  Stream* other = e->stream;
  uint64_t number = e->recorded;
  return enqueue(s, stream, [&s, e, other, number] {
    if (other && e->reached < number) drain(s, other, [e, number] { return e->reached >= number; });
  });
}

// ---- kernels and graphs ----

int cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                   unsigned bz, unsigned shared, void* stream, void** parameters, void** extra) {
  WITH_CONTEXT;
  if (!function || extra || by != 1 || bz != 1) return INVALID_VALUE;
  const auto* f = static_cast<Function*>(function);
  const ptx::Kernel* kernel = f->kernel;
  unsigned allowed = std::max(f->added, SHARED_UNASKED - kernel->shared_bytes);
  if (shared > allowed) return INVALID_VALUE;
  if (gx == 0 || gy == 0 || gz == 0 || gy > 65535 || gz > 65535 || bx == 0 ||
      int(bx) > kernel->most_threads) {
    return INVALID_VALUE;
  }
  std::vector<uint8_t> arguments(kernel->parameter_bytes);
  for (size_t i = 0; i < kernel->parameters.size(); i++) {
    std::memcpy(arguments.data() + kernel->parameters[i].offset, parameters[i],
                kernel->parameters[i].size);
  }
  return enqueue(s, stream, [&s, kernel, arguments, gx, gy, gz, bx, shared] {
    launch(s, *kernel, arguments, {gx, gy, gz, bx, shared});
  });
}
int cuStreamBeginCapture_v2(void* stream, int) {
  WITH_CONTEXT;
  auto* captured = static_cast<Stream*>(stream);
  if (!s.streams.count(captured)) return INVALID_HANDLE;
  if (captured->capturing) return CAPTURE_INVALID;
  captured->capturing = true;
  captured->recorder = std::this_thread::get_id();
  captured->captured.clear();
  return SUCCESS;
}
int cuStreamEndCapture(void* stream, void** graph) {
  bool recorded = stop_recording(stream);  // and if the call fails, the stream records no more
  WITH_CONTEXT;
  if (!recorded) return CAPTURE_INVALID;
  auto* captured = static_cast<Stream*>(stream);
  auto* made = new Graph{std::move(captured->captured)};
  captured->captured.clear();
  s.graphs.insert(made);
  *graph = made;
  return SUCCESS;
}
int cuGraphInstantiateWithFlags(void** exec, void* graph, unsigned long long) {
  WITH_CONTEXT;
  auto* from = static_cast<Graph*>(graph);
  if (!s.graphs.count(from)) return INVALID_HANDLE;
  auto* made = new GraphExec{from->work};
  s.execs.insert(made);
  *exec = made;
  return SUCCESS;
}
int cuGraphLaunch(void* exec, void* stream) {
  WITH_CONTEXT;
  auto* graph = static_cast<GraphExec*>(exec);
  if (!s.execs.count(graph)) return INVALID_HANDLE;
  for (auto& work : graph->work) {
    int result = enqueue(s, stream, work);
    if (result != SUCCESS) return result;
  }
  return SUCCESS;
}
int cuGraphDestroy(void* graph) {
  WITH_CONTEXT;
  return destroy(s.graphs, graph);
}
int cuGraphExecDestroy(void* exec) {
  WITH_CONTEXT;
  drain_all(s);
  return destroy(s.execs, exec);
}

}  // extern "C"
