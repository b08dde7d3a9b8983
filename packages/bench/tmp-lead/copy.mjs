import ort from 'onnxruntime-node'
import { add, input, traceGraph, float32 } from '@takt/graph'
import { emitModel } from '@takt/onnx'
const n = 24_000_000
const t = { dtype: 'float32', shape: [n] }
const g = traceGraph({ y: add(input('x', t), input('c', { dtype: 'float32', shape: [] })) })
const s = await ort.InferenceSession.create(emitModel(g, {}), { enableCpuMemArena: false, enableMemPattern: false, intraOpNumThreads: 1 })
const x = new ort.Tensor('float32', new Float32Array(n), [n]), c = new ort.Tensor('float32', Float32Array.of(1), [])
const outBuf = new ort.Tensor('float32', new Float32Array(n), [n])
for (let i = 0; i < 4; i++) { let t0 = performance.now(); const r = await s.run({ x, c }); const a = performance.now() - t0; t0 = performance.now(); const r2 = await s.run({ x, c }, { y: outBuf }); console.log('fresh', a.toFixed(1), 'prealloc', (performance.now() - t0).toFixed(1), r2.y.data === outBuf.data, r2.y.data.buffer === outBuf.data.buffer, outBuf.data[0]) ; r.y.dispose() }
