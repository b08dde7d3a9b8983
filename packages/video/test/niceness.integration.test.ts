import { readFile } from 'node:fs/promises'
import { getPriority } from 'node:os'
import { expect, test, vi } from 'vitest'
import { endFfmpeg, startFfmpeg } from '../src/ffmpeg-child.ts'

const ENDLESS = ['-v', 'error', '-re', '-f', 'lavfi', '-i', 'color=s=16x16:r=1', '-f', 'null', '-']

test.each([{}, { niceness: 7 }])('an ffmpeg started with %o stands back so far', async options => {
  const child = startFfmpeg(ENDLESS, { stdio: 'ignore', ...options })
  const pid = child.process.pid!
  try {
    await vi.waitFor(async () => expect(await readFile(`/proc/${pid}/comm`, 'utf8')).toBe('ffmpeg\n'))
    expect(getPriority(pid)).toBe(Math.min(19, getPriority() + (options.niceness ?? 0)))
  } finally {
    await endFfmpeg(child)
  }
})
