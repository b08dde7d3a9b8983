import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { cpuBetween, parseProcessStat, reapedCpuSeconds, treeCpu } from './process-cpu.ts'

const fieldsAfterName = 'S 41 1 1 0 -1 4194560 1 2 3 4 150 50 30 20 20 0 1 0 100'
const burn = () =>
  spawnSync(process.execPath, ['-e', 'const end = performance.now() + 300; while (performance.now() < end);'])

test('own time is user and system, reaped time is that of ended children, in seconds', () => {
  expect(parseProcessStat(`42 (node) ${fieldsAfterName}`)).toEqual({ parent: 41, own: 2, reaped: 0.5 })
})

test('a process may call itself anything', () => {
  expect(parseProcessStat(`42 (a) S 1 (b) ${fieldsAfterName}`)).toEqual({ parent: 41, own: 2, reaped: 0.5 })
})

test('a child that has ended counts as reaped, and in the total', async () => {
  const [before, reapedBefore] = [await treeCpu(process.pid), await reapedCpuSeconds()]
  burn()
  const used = cpuBetween(before, await treeCpu(process.pid))
  expect(used.reaped).toBeGreaterThan(0.1)
  expect(used.total).toBeCloseTo(used.own + used.reaped + used.living)
  expect((await reapedCpuSeconds()) - reapedBefore).toBeCloseTo(used.reaped, 1)
})

test('a process that is gone is named', async () => {
  const { pid } = spawnSync('true')
  const named = { code: 'process-gone', message: expect.stringContaining(String(pid)) }
  await expect(treeCpu(pid)).rejects.toMatchObject(named)
})
