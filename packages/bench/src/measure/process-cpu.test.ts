import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { parseProcessStat, treeCpuSeconds } from './process-cpu.ts'

const fieldsAfterName = 'S 41 1 1 0 -1 4194560 1 2 3 4 150 50 30 20 20 0 1 0 100'

test('own time is user and system, reaped time is that of ended children, in seconds', () => {
  expect(parseProcessStat(`42 (node) ${fieldsAfterName}`)).toEqual({ parent: 41, own: 2, reaped: 0.5 })
})

test('a process may call itself anything', () => {
  expect(parseProcessStat(`42 (a) S 1 (b) ${fieldsAfterName}`)).toEqual({ parent: 41, own: 2, reaped: 0.5 })
})

test('a child that has ended still counts', async () => {
  const before = await treeCpuSeconds(process.pid)
  const burn = 'const end = performance.now() + 300; while (performance.now() < end);'
  spawnSync(process.execPath, ['-e', burn])
  expect((await treeCpuSeconds(process.pid)) - before).toBeGreaterThan(0.1)
})

test('a process that is gone is named', async () => {
  const { pid } = spawnSync('true')
  await expect(treeCpuSeconds(pid)).rejects.toMatchObject({
    code: 'process-gone',
    message: expect.stringContaining(String(pid)),
  })
})
