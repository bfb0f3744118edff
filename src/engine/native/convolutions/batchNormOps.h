#pragma once

#include "tensors.h"
#include "winograd.h"

namespace lab {

/** One call of LabBatchNorm. @throws Failure */
void batchNorm(const Kernels&, float epsilon, TF_OpKernelContext*);
/** One call of LabBatchNormGrad. @throws Failure */
void batchNormGrad(const Kernels&, float epsilon, TF_OpKernelContext*);

}  // namespace lab
