import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { tensorValue } from '@takt/graph'
import { emitModel } from '../src/emit-model.ts'
import { goldenGraph, namedCases } from './golden-graph.ts'
import { SHIFT } from './operator-cases.ts'

/** Writes the model of every golden case, for golden/check_models.py: `node emit-golden-models.ts FOLDER`. */
const [, , folder = '.'] = process.argv

for (const dtype of ['float32', 'float64'] as const) {
  const parameters = { shift: tensorValue({ dtype, shape: [3] }, SHIFT) }
  for (const [name, build] of namedCases) {
    const file = join(folder, dtype, `${name}.onnx`)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, emitModel(goldenGraph(name, build, dtype).graph, parameters))
  }
}
