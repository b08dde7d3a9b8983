// usage: node profile.mjs [threads] [runs]
import ort from 'onnxruntime-node'
import { readFile, mkdtemp, readdir } from 'node:fs/promises'
import { trainerOf, vitS, clipsOf } from '../src/train-step/workload.ts'
const threads = Number(process.argv[2] ?? 1), runs = Number(process.argv[3] ?? 5)
const { trainer, state } = trainerOf(vitS, { stepsPerCall: 1 })
const model = trainer.model()
const folder = await mkdtemp('/tmp/lead/prof-')
const s = await ort.InferenceSession.create(model, { executionProviders: ['cpu'], intraOpNumThreads: threads, interOpNumThreads: 1, graphOptimizationLevel: 'all', enableCpuMemArena: false, enableMemPattern: false, enableProfiling: true, profileFilePrefix: folder + '/p', ...(process.argv[4] && { optimizedModelFilePath: process.argv[4] }), extra: { session: { intra_op: { allow_spinning: '0' } } } })
let current = state
const walls = []
for (let i = 0; i < runs; i++) {
  const inputs = trainer.inputs({ firstStep: i, frames: clipsOf(vitS, trainer) })
  const feeds = Object.fromEntries(Object.entries({ ...current, ...inputs }).map(([n, t]) => [n, new ort.Tensor(t.dtype, t.data, t.shape)]))
  const t0 = performance.now()
  const r = await s.run(feeds)
  walls.push(performance.now() - t0)
  current = Object.fromEntries(Object.keys(state).map(n => [n, { dtype: r['next.' + n].type, data: r['next.' + n].data, shape: r['next.' + n].dims }]))
}
s.endProfiling()
const [f] = await readdir(folder)
const trace = JSON.parse(await readFile(folder + '/' + f, 'utf8'))
const by = new Map()
let runsMs = []
for (const e of trace) {
  if (e.name === 'model_run') runsMs.push(e.dur / 1000)
  if (e.cat !== 'Node' || !e.args?.op_name || !e.name.endsWith('_kernel_time')) continue
  const k = e.name
  const g = by.get(k) ?? { op: e.args.op_name, durs: [], shape: JSON.stringify(e.args.input_type_shape), out: JSON.stringify(e.args.output_type_shape) }
  g.durs.push(e.dur / 1000); by.set(k, g)
}
const ops = new Map(), shapes = new Map()
for (const [k, g] of by) {
  const m = Math.min(...g.durs)
  const o = ops.get(g.op) ?? { n: 0, ms: 0 }; o.n++; o.ms += m; ops.set(g.op, o)
  const sk = g.op + ' ' + g.shape.replace(/"/g, '').replaceAll('{float:', '').replaceAll('}', '') + ' -> ' + g.out
  const sh = shapes.get(sk) ?? { n: 0, ms: 0 }; sh.n++; sh.ms += m; shapes.set(sk, sh)
}
console.log('wall', walls.map(x => x.toFixed(0)).join(' '), 'model_run', runsMs.map(x => x.toFixed(0)).join(' '))
let total = 0; for (const o of ops.values()) total += o.ms
console.log('sum of kernels', total.toFixed(1))
for (const [k, o] of [...ops].sort((a, b) => b[1].ms - a[1].ms).slice(0, 30)) console.log(k.padEnd(28), o.n, o.ms.toFixed(1))
console.log('---')
for (const [k, o] of [...shapes].sort((a, b) => b[1].ms - a[1].ms).slice(0, 60)) console.log(o.ms.toFixed(2), o.n, k.slice(0, 180))
