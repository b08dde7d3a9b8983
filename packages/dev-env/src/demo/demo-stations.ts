import { type ComposedVideo, composeBench, composeStation } from '../material/compose.ts'

/** A station of the demo: its process in order, and what its cameras see. */
export interface DemoStation {
  readonly name: string
  readonly process: string
  readonly tasks: readonly { readonly name: string; readonly optional: boolean; readonly expectedMs: number }[]
  readonly views: readonly { readonly name: string; readonly camera: string; readonly video: ComposedVideo }[]
}

/** Three stations on real video, the last one seen by two cameras. Videos are rendered once and kept. */
export async function demoStations(options: {
  readonly stateDir: string
  readonly minutes: number
  readonly onRendered: (video: string) => void
  readonly signal: AbortSignal
}): Promise<readonly DemoStation[]> {
  const { onRendered, ...common } = options
  const told = async (name: string, video: Promise<ComposedVideo>) => {
    const composed = await video
    onRendered(name)
    return composed
  }
  // One after the other: each rendering keeps two cores busy by itself.
  const bench = await told('bench', composeBench({ ...common, seed: 1 }))
  const jumper = await told('jumper', composeStation({ ...common, seed: 2, person: 'hooded-jumper' }))
  const shirtFront = await told(
    'shirt, front',
    composeStation({ ...common, seed: 3, person: 'grey-t-shirt', view: 'front' }),
  )
  const shirtSide = await told(
    'shirt, side',
    composeStation({ ...common, seed: 3, person: 'grey-t-shirt', view: 'side' }),
  )
  return [
    {
      name: 'bench',
      process: 'bottles',
      tasks: inOrder(bench),
      views: [{ name: 'top', camera: 'bench-top', video: bench }],
    },
    {
      name: 'signs-1',
      process: 'signs of the jumper',
      tasks: inOrder(jumper),
      views: [{ name: 'front', camera: 'signs-1-front', video: jumper }],
    },
    {
      name: 'signs-2',
      process: 'signs of the shirt',
      tasks: inOrder(shirtFront),
      views: [
        { name: 'front', camera: 'signs-2-front', video: shirtFront },
        { name: 'side', camera: 'signs-2-side', video: shirtSide },
      ],
    },
  ]
}

/** The steps in the order in which they first occur; those that some cycle lacks are optional. */
export function inOrder({ truth }: ComposedVideo): DemoStation['tasks'] {
  const cycles = Map.groupBy(truth, step => step.cycle)
  const names = [...new Set(truth.map(step => step.step))]
  return names.map(name => ({
    name,
    optional: [...cycles.values()].some(cycle => !cycle.some(step => step.step === name)),
    expectedMs: Math.round(medianMs(truth.filter(step => step.step === name))),
  }))
}

function medianMs(steps: ComposedVideo['truth']): number {
  const durations = steps.map(step => (step.endSeconds - step.startSeconds) * 1000).sort((a, b) => a - b)
  return durations[Math.floor(durations.length / 2)]!
}
