// What this machine can do at best, measured: the yardstick of every share of peak that is printed.
//
// A loop of multiply-adds on registers alone, on all threads, and a read of more memory than the
// caches hold. Measured when asked, in the same run as the figures it is set beside, since machines
// are shared and clocks change. Used by `octavo bench` and the trainer's reports.
#pragma once

#include "octavo/device/data_type.h"

namespace octavo {

/// GFLOP/s (a multiply-add is two) of the kernels in use for products of this type, in f32 sums.
/// Takes about `seconds`.
double measured_peak_gflops(DataType type, double seconds = 0.2);

/// Bytes per second that all threads together read from memory.
double measured_read_bandwidth(double seconds = 0.3);

}  // namespace octavo
