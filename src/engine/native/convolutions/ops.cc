// TensorFlow ops for the convolutions of winograd.cc, through TensorFlow's C interface, and the Node addon that registers them:
//
//   LabConv2D               Σ of conv(inputs[t], filters[t]) over `terms`: [n, h, w, ci], [3, 3, ci, co] → [n, h, w, co]; then plus bias [co],
//                           plus `addends` tensors, relu, and times (mask > 0), each where its attribute asks for it
//   LabConv2DBackpropInput  the same with each filter turned around: [n, h, w, co], [3, 3, ci, co] → [n, h, w, ci]
//   LabConv2DBackpropFilter Σ of the filter's gradients: [n, h, w, ci], [n, h, w, co] → [3, 3, ci, co]
//
// and for batchNormOps.cc.

#include <node_api.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "batchNormOps.h"
#include "tensors.h"
#include "threads.h"
#include "winograd.h"

namespace {

using namespace lab;

/** Of this CPU; null where it has neither. */
const Kernels* kernels = nullptr;

/** How many inputs of each kind a convolution has, and what follows it; or a batch norm's ε. */
struct Attributes {
  int terms = 1, biases = 0, addends = 0, masks = 0;
  bool relu = false;
  float epsilon = 0;
};

std::vector<Tensor> take(TF_OpKernelContext* context, int& next, int count) {
  std::vector<Tensor> tensors;
  for (int i = 0; i < count; i++) tensors.emplace_back(context, next++);
  for (int i = 1; i < count; i++) require(tensors[i].like(tensors[0]), "all terms must have the same shapes");
  return tensors;
}

std::vector<const float*> dataOf(const std::vector<Tensor>& tensors) {
  std::vector<const float*> data;
  for (const Tensor& tensor : tensors) data.push_back(tensor.data());
  return data;
}

void requireChannels(const Shape& s) { require(s.inputs % 16 == 0 && s.outputs % 16 == 0, "channels must be multiples of 16"); }

void convolve(const Attributes& attributes, TF_OpKernelContext* context, Filter order) {
  int next = 0;
  const std::vector<Tensor> inputs = take(context, next, attributes.terms), filters = take(context, next, attributes.terms);
  const std::vector<Tensor> biases = take(context, next, attributes.biases);
  const std::vector<Tensor> addends = take(context, next, attributes.addends), masks = take(context, next, attributes.masks);
  const Tensor &x = inputs[0], &filter = filters[0];
  const bool turned = order == Filter::turned;
  require(x.rank() == 4 && filter.rank() == 4, "inputs and filters must have four dimensions");
  const Shape s{x.dim(0), x.dim(1), x.dim(2), x.dim(3), filter.dim(turned ? 2 : 3), attributes.terms};
  require(filter.dim(0) == 3 && filter.dim(1) == 3 && filter.dim(turned ? 3 : 2) == s.inputs, "filters must be 3×3 and fit the channels");
  requireChannels(s);
  const Tensor y(context, 0, {s.images, s.height, s.width, s.outputs});
  for (const Tensor& bias : biases)
    require(bias.size() == s.outputs && bias.dim(bias.rank() - 1) == s.outputs, "a bias must have the output's channels");
  for (const Tensor& addend : addends) require(addend.like(y), "an addend must have the output's shape");
  for (const Tensor& mask : masks) require(mask.like(y), "a mask must have the output's shape");
  float* const packed = room(Room::packed, s.terms * kernels->packedSize(s));
  for (int term = 0; term < s.terms; term++) kernels->pack(s, term, filters[term].data(), order, packed);
  const std::vector<const float*> from = dataOf(inputs), added = dataOf(addends);
  const Epilogue after{biases.empty() ? nullptr : biases[0].data(), added.data(), static_cast<int>(added.size()), attributes.relu,
                            masks.empty() ? nullptr : masks[0].data()};
  const std::size_t work = kernels->convolveWork(s);
  float* const output = y.data();
  inParallel(kernels->convolveUnits(s), [&](int unit) {
    kernels->convolve(s, unit, from.data(), packed, after, output, room(Room::work, work));
  });
}

/** Parts of a batch that are summed apart: as many as there are, whatever the threads, so that the sums are the same; fewer where they are large. */
int chunksOf(const Shape& s) {
  const std::size_t most = std::max<std::size_t>(8, (std::size_t{1} << 17) / s.filterSize());
  return std::max(1, static_cast<int>(std::min<std::size_t>({most, 16, static_cast<std::size_t>(s.images)})));
}

void filterGradient(const Attributes& attributes, TF_OpKernelContext* context) {
  int next = 0;
  const std::vector<Tensor> from = take(context, next, attributes.terms), outputGradients = take(context, next, attributes.terms);
  const Tensor &x = from[0], &dy = outputGradients[0];
  require(x.rank() == 4 && dy.rank() == 4, "inputs and gradients must have four dimensions");
  const Shape s{x.dim(0), x.dim(1), x.dim(2), x.dim(3), dy.dim(3), attributes.terms};
  require(dy.dim(0) == s.images && dy.dim(1) == s.height && dy.dim(2) == s.width, "gradients must have the inputs' size");
  requireChannels(s);
  const Tensor dw(context, 0, {3, 3, s.inputs, s.outputs});
  const int chunks = chunksOf(s);
  const std::size_t sumsSize = kernels->sumsSize(s), work = kernels->gradientWork(s);
  float* const sums = room(Room::packed, chunks * sumsSize);
  const std::vector<const float*> inputs = dataOf(from), gradients = dataOf(outputGradients);
  const auto firstOf = [&](int chunk) { return static_cast<int>(static_cast<int64_t>(chunk) * s.images / chunks); };
  inParallel(chunks, [&](int chunk) {
    kernels->gradient(s, firstOf(chunk), firstOf(chunk + 1), inputs.data(), gradients.data(), sums + chunk * sumsSize,
                      room(Room::work, work));
  });
  float* const output = dw.data();
  inParallel(s.inputs, [&](int input) { kernels->finishGradient(s, input, chunks, sums, output); });
}

/** No exception may leave a kernel: TensorFlow is C on the other side. */
template <typename Run>
void reporting(TF_OpKernelContext* context, const Run& run) {
  const auto fail = [&](TF_Code code, const std::string& message) {
    const Status status = newStatus();
    TF_SetStatus(status.get(), code, message.c_str());
    TF_OpKernelContext_Failure(context, status.get());
  };
  try {
    run();
  } catch (const Failure& failure) {
    fail(failure.code, failure.message);
  } catch (const std::bad_alloc&) {
    fail(TF_RESOURCE_EXHAUSTED, "out of memory");
  } catch (const std::exception& error) {
    fail(TF_INTERNAL, error.what());
  }
}

const Attributes& attributesOf(void* kernel) { return *static_cast<const Attributes*>(kernel); }

void computeConv2D(void* kernel, TF_OpKernelContext* context) {
  reporting(context, [&] { convolve(attributesOf(kernel), context, Filter::straight); });
}
void computeBackpropInput(void* kernel, TF_OpKernelContext* context) {
  reporting(context, [&] { convolve(attributesOf(kernel), context, Filter::turned); });
}
void computeBackpropFilter(void* kernel, TF_OpKernelContext* context) {
  reporting(context, [&] { filterGradient(attributesOf(kernel), context); });
}

void computeBatchNorm(void* kernel, TF_OpKernelContext* context) {
  reporting(context, [&] { batchNorm(*kernels, attributesOf(kernel).epsilon, context); });
}
void computeBatchNormGrad(void* kernel, TF_OpKernelContext* context) {
  reporting(context, [&] { batchNormGrad(*kernels, attributesOf(kernel).epsilon, context); });
}

Attributes* withTerms(TF_OpKernelConstruction* construction) {
  auto* const attributes = new Attributes;
  const Status status = newStatus();
  TF_OpKernelConstruction_GetAttrInt32(construction, "terms", &attributes->terms, status.get());
  return attributes;
}
void* createGradient(TF_OpKernelConstruction* construction) { return withTerms(construction); }
void* createConvolution(TF_OpKernelConstruction* construction) {
  Attributes* const attributes = withTerms(construction);
  const Status status = newStatus();
  TF_OpKernelConstruction_GetAttrInt32(construction, "biases", &attributes->biases, status.get());
  TF_OpKernelConstruction_GetAttrInt32(construction, "addends", &attributes->addends, status.get());
  TF_OpKernelConstruction_GetAttrInt32(construction, "masks", &attributes->masks, status.get());
  unsigned char relu = 0;
  TF_OpKernelConstruction_GetAttrBool(construction, "relu", &relu, status.get());
  attributes->relu = relu != 0;
  return attributes;
}
void* createBatchNorm(TF_OpKernelConstruction* construction) {
  auto* const attributes = new Attributes;
  const Status status = newStatus();
  TF_OpKernelConstruction_GetAttrFloat(construction, "epsilon", &attributes->epsilon, status.get());
  return attributes;
}
void destroy(void* kernel) { delete static_cast<Attributes*>(kernel); }

void unknownShape(TF_ShapeInferenceContext* context, TF_Status* status) { TF_ShapeInferenceContextSetUnknownShape(context, status); }

/** An op of TensorFlow as it is declared there. */
struct Declaration {
  const char* name;
  std::vector<const char*> attributes, inputs, outputs;
  void* (*create)(TF_OpKernelConstruction*);
  void (*compute)(void*, TF_OpKernelContext*);
};

void registerOp(const Declaration& declaration, TF_Status* status) {
  TF_OpDefinitionBuilder* op = TF_NewOpDefinitionBuilder(declaration.name);
  for (const char* attribute : declaration.attributes) TF_OpDefinitionBuilderAddAttr(op, attribute);
  for (const char* input : declaration.inputs) TF_OpDefinitionBuilderAddInput(op, input);
  for (const char* output : declaration.outputs) TF_OpDefinitionBuilderAddOutput(op, output);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(op, unknownShape);
  TF_RegisterOpDefinition(op, status);
  if (TF_GetCode(status) != TF_OK) return;
  TF_KernelBuilder* kernel = TF_NewKernelBuilder(declaration.name, "CPU", declaration.create, declaration.compute, destroy);
  TF_RegisterKernelBuilder(declaration.name, kernel, status);
}

/** A sum of convolutions of `terms` tensors under the name `inputs`, and what follows it. */
Declaration convolution(const char* name, const char* inputs, void (*compute)(void*, TF_OpKernelContext*)) {
  return {name,
          {"terms: int >= 1 = 1", "biases: int >= 0 = 0", "addends: int >= 0 = 0", "masks: int >= 0 = 0", "relu: bool = false"},
          {inputs, "filters: terms * float", "bias: biases * float", "added: addends * float", "mask: masks * float"},
          {"output: float"},
          createConvolution,
          compute};
}

/**
 * register(threads, only): the name of the kernels that are used, once their ops are known to TensorFlow; null where this CPU can use none.
 * `only` names those that may be used; an empty text allows all.
 */
napi_value registerOps(napi_env env, napi_callback_info info) {
  std::size_t count = 2, length = 0;
  napi_value arguments[2] = {}, result = nullptr;
  int threads = 1;
  char only[16] = "";
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  napi_get_value_int32(env, arguments[0], &threads);
  napi_get_value_string_utf8(env, arguments[1], only, sizeof only, &length);
  for (const Kernels* candidate : {&avx512Kernels, &avx2Kernels})
    if (!kernels && candidate->usable() && (length == 0 || std::string(only) == candidate->name)) kernels = candidate;
  if (!kernels) {
    napi_get_null(env, &result);
    return result;
  }
  setThreads(std::max(1, threads));
  const Status status = newStatus();
  for (const Declaration& declaration :
       {convolution("LabConv2D", "inputs: terms * float", computeConv2D),
        convolution("LabConv2DBackpropInput", "gradients: terms * float", computeBackpropInput),
        Declaration{"LabConv2DBackpropFilter", {"terms: int >= 1 = 1"}, {"inputs: terms * float", "gradients: terms * float"}, {"output: float"},
                    createGradient, computeBackpropFilter},
        Declaration{"LabBatchNorm", {"epsilon: float"}, {"x: float", "scale: float", "offset: float"}, {"y: float", "mean: float", "variance: float"},
                    createBatchNorm, computeBatchNorm},
        Declaration{"LabBatchNormGrad", {"epsilon: float"}, {"dy: float", "x: float", "scale: float", "mean: float", "variance: float"},
                    {"dx: float", "dscale: float", "doffset: float"}, createBatchNorm, computeBatchNormGrad}})
    if (TF_GetCode(status.get()) == TF_OK) registerOp(declaration, status.get());
  if (TF_GetCode(status.get()) != TF_OK) {
    napi_throw_error(env, nullptr, TF_Message(status.get()));
    return nullptr;
  }
  napi_create_string_utf8(env, kernels->name, NAPI_AUTO_LENGTH, &result);
  return result;
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "register", NAPI_AUTO_LENGTH, registerOps, nullptr, &function);
  napi_set_named_property(env, exports, "register", function);
  return exports;
}
