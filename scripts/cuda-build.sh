#!/bin/sh
# Builds the library with its `cuda` feature. It then calculates on an NVIDIA GPU where there is one (Ampere or newer,
# driver 580 or newer), and on the CPU where there is none.
#
#   scripts/cuda-build.sh                  cargo build -p course-lib --features cuda
#   scripts/cuda-build.sh test             the library's tests, on the GPU if there is one
#   scripts/cuda-build.sh COMMAND ARGS     any other cargo command
#
# The CUDA toolkit comes from PyPI (NVIDIA's own wheels, 1.2 GB unpacked) and lies below `.course/cuda`; nothing is
# installed elsewhere, and no GPU is needed to build. Delete that folder to get rid of it.
set -eu
cd "$(dirname "$0")/.."
python=$PWD/.course/cuda/python

if [ ! -e "$python/complete" ]; then
    echo "Fetching the CUDA toolkit …"
    python3 -m venv "$python"
    "$python/bin/pip" install --quiet --no-deps --no-compile \
        nvidia-cuda-nvcc==13.0.* nvidia-cuda-crt==13.0.* nvidia-nvvm==13.0.* nvidia-cuda-runtime==13.0.* \
        nvidia-cuda-cccl==13.0.* nvidia-cuda-nvrtc==13.0.* nvidia-cublas==13.0.* nvidia-curand==10.4.*
    touch "$python/complete"
fi
toolkit=$(echo "$python"/lib/python3*/site-packages/nvidia/cu13)

# The wheels lack what a linker and a shell look for: names without a version, and the right to run.
chmod +x "$toolkit"/bin/* "$toolkit"/nvvm/bin/*
for name in cublas cublasLt curand nvrtc; do
    for file in "$toolkit/lib/lib$name".so.*; do
        ln -sf "$(basename "$file")" "$toolkit/lib/lib$name.so"
    done
done

# libcuda comes with a GPU's driver. To link, and to run where there is no driver, a library with the same names does;
# each of its functions answers "no GPU".
stubs=$toolkit/lib64/stubs
if [ ! -e "$stubs/libcuda.so" ]; then
    mkdir -p "$stubs"
    # A function may have a second version, which the header names only as what the first is replaced by.
    grep -oE '\bcu[A-Z][A-Za-z0-9_]*' "$toolkit/include/cuda.h" | sort -u |
        sed -e '/^cuGetError\(Name\|String\)$/d' -e 's/.*/int &(void) { return 100; }/' > "$stubs/cuda.c"
    for name in Name String; do
        echo "int cuGetError$name(int error, const char **text) { *text = \"no GPU\"; return 0; }" >> "$stubs/cuda.c"
    done
    cc -shared -fPIC -w -Wl,-soname,libcuda.so.1 -o "$stubs/libcuda.so.1" "$stubs/cuda.c"
    ln -sf libcuda.so.1 "$stubs/libcuda.so"
fi

# dfdx asks the GPU's program for which GPU to build. Where there is none: for all of 2020 (8.0, Ampere) and later, the
# oldest that its kernels can be built for with CUDA 13.
mkdir -p "$toolkit/no-gpu"
printf '#!/bin/sh\necho compute_cap\necho 8.0\n' > "$toolkit/no-gpu/nvidia-smi"
chmod +x "$toolkit/no-gpu/nvidia-smi"

libraries=$toolkit/lib
if ! ldconfig -p 2> /dev/null | grep -q 'libcuda\.so\.1'; then
    libraries=$libraries:$stubs
fi
export CUDA_ROOT="$toolkit" CUDA_PATH="$toolkit" PATH="$toolkit/bin:$PATH:$toolkit/no-gpu"
export LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"

command=${1:-build}
[ $# -eq 0 ] || shift
exec cargo "$command" -p course-lib --features cuda "$@"
