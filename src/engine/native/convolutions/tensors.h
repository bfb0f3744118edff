#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

// What is used of tensorflow/c/kernels.h, which includes headers of all TensorFlow that an installed engine doesn't keep.
extern "C" {
typedef struct TF_KernelBuilder TF_KernelBuilder;
typedef struct TF_OpKernelConstruction TF_OpKernelConstruction;
typedef struct TF_OpKernelContext TF_OpKernelContext;
TF_KernelBuilder* TF_NewKernelBuilder(const char* op, const char* device, void* (*create)(TF_OpKernelConstruction*),
                                      void (*compute)(void*, TF_OpKernelContext*), void (*destroy)(void*));
void TF_RegisterKernelBuilder(const char* name, TF_KernelBuilder*, TF_Status*);
void TF_OpKernelConstruction_GetAttrInt32(TF_OpKernelConstruction*, const char* name, int32_t*, TF_Status*);
void TF_OpKernelConstruction_GetAttrFloat(TF_OpKernelConstruction*, const char* name, float*, TF_Status*);
void TF_OpKernelConstruction_GetAttrBool(TF_OpKernelConstruction*, const char* name, unsigned char*, TF_Status*);
void TF_GetInput(TF_OpKernelContext*, int input, TF_Tensor**, TF_Status*);
TF_Tensor* TF_AllocateOutput(TF_OpKernelContext*, int output, TF_DataType, const int64_t* dims, int dimCount, std::size_t bytes, TF_Status*);
void TF_OpKernelContext_Failure(TF_OpKernelContext*, TF_Status*);
}

namespace lab {

using Status = std::unique_ptr<TF_Status, decltype(&TF_DeleteStatus)>;
inline Status newStatus() { return {TF_NewStatus(), TF_DeleteStatus}; }

/** A failure of one call of an op; TensorFlow reports it under the op's name. */
struct Failure {
  TF_Code code;
  std::string message;
};

inline void check(const TF_Status* status) {
  if (TF_GetCode(status) != TF_OK) throw Failure{TF_GetCode(status), TF_Message(status)};
}

inline void require(bool condition, const char* message) {
  if (!condition) throw Failure{TF_INVALID_ARGUMENT, message};
}

/** An input or output of one call of an op, of floats. */
class Tensor {
  std::unique_ptr<TF_Tensor, decltype(&TF_DeleteTensor)> tensor{nullptr, TF_DeleteTensor};

 public:
  Tensor(TF_OpKernelContext* context, int input) {
    const Status status = newStatus();
    TF_Tensor* got = nullptr;
    TF_GetInput(context, input, &got, status.get());
    check(status.get());
    tensor.reset(got);
  }
  /** An output, which is allocated. */
  Tensor(TF_OpKernelContext* context, int output, const std::vector<int64_t>& dims) {
    const Status status = newStatus();
    std::size_t bytes = sizeof(float);
    for (const int64_t dim : dims) bytes *= dim;
    tensor.reset(TF_AllocateOutput(context, output, TF_FLOAT, dims.data(), static_cast<int>(dims.size()), bytes, status.get()));
    check(status.get());
  }
  int rank() const { return TF_NumDims(tensor.get()); }
  int dim(int axis) const { return static_cast<int>(TF_Dim(tensor.get(), axis)); }
  std::vector<int64_t> dims() const {
    std::vector<int64_t> all;
    for (int axis = 0; axis < rank(); axis++) all.push_back(dim(axis));
    return all;
  }
  int64_t size() const { return TF_TensorElementCount(tensor.get()); }
  float* data() const { return static_cast<float*>(TF_TensorData(tensor.get())); }
  bool like(const Tensor& other) const {
    bool same = rank() == other.rank();
    for (int axis = 0; same && axis < rank(); axis++) same = dim(axis) == other.dim(axis);
    return same;
  }
};

}  // namespace lab
