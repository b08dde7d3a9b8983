import { describe, expect, it } from 'vitest'
import { checkProcess } from './check-process.ts'
import { parseProcess } from './parse-process.ts'
import { type ProcessDraft, stepsOfLevel, versionInForce } from './process.ts'

const valid: ProcessDraft = {
  name: 'Pump assembly',
  children: [
    { name: 'pick', externalId: 'OP-10', children: [{ name: 'reach' }, { name: 'grasp', expectedMs: 800 }] },
    { name: 'screw', optional: true },
  ],
}
const codes = (draft: ProcessDraft): readonly string[] => checkProcess(draft).map(problem => problem.code)
const withTasks = (...children: readonly ProcessDraft[]): ProcessDraft => ({ name: 'p', children })

describe('a process', () => {
  it('takes its defaults: levels, positions, and the first task to open the cycle', () => {
    const tree = parseProcess(valid)
    const rows = ['process', 'task', 'motion'].flatMap(level =>
      stepsOfLevel(tree, level as 'task').map(s => [
        s.level,
        s.name,
        s.position,
        s.opensCycle,
        s.optional,
        s.expectedMs,
        s.externalId,
      ]),
    )
    expect(rows).toEqual([
      ['process', 'Pump assembly', 0, false, false, null, null],
      ['task', 'pick', 0, true, false, null, 'OP-10'],
      ['task', 'screw', 1, false, true, null, null],
      ['motion', 'reach', 0, false, false, null, null],
      ['motion', 'grasp', 1, false, false, 800, null],
    ])
  })

  it('can name another task to open the cycle', () => {
    const tree = parseProcess(withTasks({ name: 'clean' }, { name: 'pick', opensCycle: true }))
    expect(tree.children.map(task => task.opensCycle)).toEqual([false, true])
  })

  it('stays the same when it is parsed again', () => {
    const grouped = ['b', 'c'].map(name => ({ name, anyOrderGroup: ' g ', repeats: true }))
    const tree = parseProcess(withTasks({ name: 'a', children: [{ name: 'reach' }] }, ...grouped))
    expect(tree.children.map(task => task.anyOrderGroup)).toEqual([null, 'g', 'g'])
    expect(parseProcess(tree)).toEqual(tree)
  })

  it.each<[string, ProcessDraft, string]>([
    ['has no task', { name: 'p' }, 'no-task'],
    ['uses a name twice', withTasks({ name: 'a' }, { name: ' a ' }), 'name-duplicate'],
    ['uses a name for a task and for a motion', withTasks({ name: 'a', children: [{ name: 'a' }] }), 'name-duplicate'],
    ['has an empty name', withTasks({ name: '  ' }), 'name-empty'],
    [
      'has a level below motions',
      withTasks({ name: 'a', children: [{ name: 'b', children: [{ name: 'c' }] }] }),
      'too-deep',
    ],
    [
      'opens its cycle twice',
      withTasks({ name: 'a', opensCycle: true }, { name: 'b', opensCycle: true }),
      'cycle-opened-twice',
    ],
    [
      'opens its cycle by a motion',
      withTasks({ name: 'a', children: [{ name: 'b', opensCycle: true }] }),
      'cycle-opened-by-no-task',
    ],
    ['opens its cycle by an optional task', withTasks({ name: 'a', optional: true }), 'cycle-opened-by-optional-task'],
    [
      'opens its cycle with a task of a group in any order',
      withTasks({ name: 'a', anyOrderGroup: 'g' }, { name: 'b', anyOrderGroup: 'g' }),
      'cycle-opened-in-any-order',
    ],
    ['repeats a motion', withTasks({ name: 'a', children: [{ name: 'b', repeats: true }] }), 'order-of-no-task'],
    [
      'has a group that other tasks part',
      withTasks({ name: 'a' }, { name: 'b', anyOrderGroup: 'g' }, { name: 'c' }, { name: 'd', anyOrderGroup: 'g' }),
      'any-order-group-invalid',
    ],
    [
      'has a group without a name',
      withTasks({ name: 'a' }, { name: 'b', anyOrderGroup: ' ' }),
      'any-order-group-invalid',
    ],
    [
      'has a group too large to follow',
      withTasks({ name: 'a' }, ...Array.from({ length: 8 }, (_, i) => ({ name: `b${i}`, anyOrderGroup: 'g' }))),
      'any-order-group-invalid',
    ],
    ['expects no time', withTasks({ name: 'a', expectedMs: 0 }), 'expected-time-invalid'],
    [
      'expects an endless time',
      withTasks({ name: 'a', expectedMs: Number.POSITIVE_INFINITY }),
      'expected-time-invalid',
    ],
  ])('that %s is refused by name', (_, draft, code) => {
    expect(codes(draft)).toEqual([code])
    expect(() => parseProcess(draft)).toThrow(expect.objectContaining({ code: 'process-invalid' }))
  })

  it('lists all its problems at once, with their places', () => {
    const problems = checkProcess(withTasks({ name: '' }, { name: 'b', children: [{ name: 'c', expectedMs: -1 }] }))
    expect(problems.map(p => p.path)).toEqual(['p / ', 'p / b / c'])
  })

  it('is refused, not followed, however deep it is', () => {
    let draft: ProcessDraft = { name: 'leaf' }
    for (let depth = 0; depth < 100_000; depth++) draft = { name: `level ${depth}`, children: [draft] }
    expect(codes(draft)).toContain('too-deep')
  })
})

describe('the version in force', () => {
  it('is the latest that has begun, whatever their order', () => {
    const versions = [{ validFromMs: 20 }, { validFromMs: 0 }, { validFromMs: 10 }]
    expect(versionInForce(versions, -1)).toBeNull()
    expect(versionInForce(versions, 19)).toBe(versions[2])
    expect(versionInForce(versions, 20)).toBe(versions[0])
  })
})
