import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test, vi } from 'vitest'
import { batchesOf, openDescent } from './fixtures/descent.ts'

// The test starts a process, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

test('what a child has answered is not kept: a long run does not grow by its checkpoints and losses', async () => {
  await using run = await openDescent()
  const answers: WeakRef<ArrayBufferLike>[] = []
  for (let call = 0; call < 5; call++) {
    const { losses } = await run.advance(batchesOf(call))
    answers.push(new WeakRef(losses.loss!.data.buffer), new WeakRef((await run.checkpoint()).state.weight!.data.buffer))
  }
  await vi.waitFor(() => {
    collectGarbage()
    const kept = answers.filter(answer => answer.deref())
    // The last checkpoint is the run's own.
    expect(kept.length).toBeLessThanOrEqual(2)
  })
})
