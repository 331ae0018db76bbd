"""The logits of transformers or llama.cpp, to hold Octavo's against: run by compare_checkpoints.sh.

compare_checkpoints.py transformers FOLDER   of a Hugging Face folder, in float32
compare_checkpoints.py llama.cpp FILE        of a GGUF file, through libllama
Token ids come on stdin, one JSON list per line; each answer is {"ids": [...], "logprobs": [...]},
as `octavo score` gives it.
"""
import ctypes, json, sys
import numpy as np


def log_softmax(logits):
    logits = logits.astype(np.float64)
    top = logits.max(-1, keepdims=True)
    return logits - top - np.log(np.exp(logits - top).sum(-1, keepdims=True))


def transformers_model(folder):
    import torch, transformers
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    return lambda ids: model(torch.tensor([ids])).logits[0].detach().numpy()


class Batch(ctypes.Structure):  # llama.h: llama_batch
    _fields_ = [("n_tokens", ctypes.c_int32), ("token", ctypes.POINTER(ctypes.c_int32)),
                ("embd", ctypes.c_void_p), ("pos", ctypes.POINTER(ctypes.c_int32)),
                ("n_seq_id", ctypes.POINTER(ctypes.c_int32)),
                ("seq_id", ctypes.POINTER(ctypes.POINTER(ctypes.c_int32))),
                ("logits", ctypes.POINTER(ctypes.c_int8))]


class Parameters(ctypes.Structure):  # of a model or a context: larger than either, passed by value
    _fields_ = [("bytes", ctypes.c_char * 1024)]


def llama_model(file):
    lib = ctypes.CDLL("libllama.so.0")
    quiet = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(lambda *_: None)
    lib.llama_log_set(quiet, None)
    for name, result, arguments in (
            ("llama_model_default_params", Parameters, []),
            ("llama_context_default_params", Parameters, []),
            ("llama_model_load_from_file", ctypes.c_void_p, [ctypes.c_char_p, Parameters]),
            ("llama_init_from_model", ctypes.c_void_p, [ctypes.c_void_p, Parameters]),
            ("llama_model_get_vocab", ctypes.c_void_p, [ctypes.c_void_p]),
            ("llama_vocab_n_tokens", ctypes.c_int32, [ctypes.c_void_p]),
            ("llama_batch_init", Batch, [ctypes.c_int32] * 3),
            ("llama_decode", ctypes.c_int32, [ctypes.c_void_p, Batch]),
            ("llama_get_memory", ctypes.c_void_p, [ctypes.c_void_p]),
            ("llama_memory_clear", None, [ctypes.c_void_p, ctypes.c_bool]),
            ("llama_get_logits_ith", ctypes.POINTER(ctypes.c_float),
             [ctypes.c_void_p, ctypes.c_int32])):
        function = getattr(lib, name)
        function.restype, function.argtypes = result, arguments
    lib.llama_backend_init()
    model = lib.llama_model_load_from_file(file.encode(), lib.llama_model_default_params())
    if not model:
        sys.exit(f"llama.cpp cannot load {file}")
    context = lib.llama_init_from_model(model, lib.llama_context_default_params())
    vocabulary = lib.llama_vocab_n_tokens(lib.llama_model_get_vocab(model))

    def logits(ids):
        lib.llama_memory_clear(lib.llama_get_memory(context), True)
        batch = lib.llama_batch_init(len(ids), 0, 1)
        batch.n_tokens = len(ids)
        for i, token in enumerate(ids):
            batch.token[i], batch.pos[i], batch.logits[i] = token, i, 1
            batch.n_seq_id[i], batch.seq_id[i][0] = 1, 0
        if lib.llama_decode(context, batch) != 0:
            sys.exit("llama_decode failed")
        rows = [np.ctypeslib.as_array(lib.llama_get_logits_ith(context, i), (vocabulary,)).copy()
                for i in range(len(ids))]
        return np.stack(rows)

    return logits


model = {"transformers": transformers_model, "llama.cpp": llama_model}[sys.argv[1]](sys.argv[2])
for line in sys.stdin:
    ids = json.loads(line)
    table = log_softmax(model(ids))
    chosen = [table[i, ids[i + 1]] for i in range(len(ids) - 1)]
    print(json.dumps({"ids": ids, "logprobs": [None] + chosen}), flush=True)
