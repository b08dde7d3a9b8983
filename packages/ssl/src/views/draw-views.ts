import type { TensorType } from '@takt/graph'
import { type EncoderSpec, type Named, prefixNames, random } from '@takt/nn'
import { type Draws, together } from '../draws.ts'
import type { Crop, ViewPlan, ViewsPlan } from './augmentation.ts'
import { alteredColours, drawColours } from './draw-colours.ts'
import { drawCrop, viewStretches } from './draw-crop.ts'
import { viewSpec } from './view-spec.ts'

interface Drawing {
  readonly spec: EncoderSpec
  /** Clips a step. */
  readonly batch: number
  readonly seed: number
}

/** What the views of a step's clips are made by, below `view0.`, `view1.`, …: it follows from seed, step, view and clip. */
export function drawViews({ shared, views }: ViewsPlan, drawing: Drawing): Draws {
  return together(...views.map((plan, view) => drawView(plan, { ...drawing, shared, view })))
}

interface DrawnView extends Drawing {
  readonly shared: Crop
  readonly view: number
}

function drawView(plan: ViewPlan, { spec, batch, seed, shared, view }: DrawnView): Draws {
  const { inputSize, frames, tubelet } = viewSpec(plan, spec)
  const clips = [...Array(batch).keys()]
  const altered = alteredColours(plan.augmentation)
  const types: Named<TensorType> = {
    rows: { dtype: 'float32', shape: [batch, 2] },
    columns: { dtype: 'float32', shape: [batch, 2] },
    firstTime: { dtype: 'int64', shape: [] },
    ...Object.fromEntries(altered.map(name => [name, { dtype: 'float32', shape: [batch] }])),
  }
  const at = (step: number): Named<readonly number[]> => {
    const drawn = clips.map(clip => {
      const frame = drawCrop(shared, random(seed, `frame ${step} ${clip}`))
      const next = random(seed, `view ${step} ${view} ${clip}`)
      const [box, mirrored] = [drawCrop(plan.augmentation.crop, next), next() < plan.augmentation.flip]
      const colours = drawColours(plan.augmentation, inputSize, next)
      return { ...viewStretches(frame, box, mirrored), colours }
    })
    // One for all clips: told apart by when they are seen, clips would need no look.
    const starts = (spec.frames - frames) / tubelet + 1
    return {
      rows: drawn.flatMap(({ rows }) => rows),
      columns: drawn.flatMap(({ columns }) => columns),
      firstTime: [Math.floor(random(seed, `times ${step} ${view}`)() * starts)],
      ...Object.fromEntries(altered.map(name => [name, drawn.map(({ colours }) => colours[name])])),
    }
  }
  const prefix = `view${view}.`
  return { types: prefixNames(prefix, types), at: step => prefixNames(prefix, at(step)) }
}
