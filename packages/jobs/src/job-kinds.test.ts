import { describe, expect, it } from 'vitest'
import { jobId, jobKindNames } from './job-kinds.ts'
import { parseJobArgs } from './parse-job-args.ts'

const segmentId = '0190d1f2-0000-7000-8000-000000000001'
const headId = '0190d1f2-0000-7000-8000-000000000002'
const adaptationId = '0190d1f2-0000-7000-8000-000000000003'

describe('job ids', () => {
  it('are the same for the same work and differ between kinds', () => {
    expect(jobId('embed-live', { segmentId })).toBe(`embed-live-${segmentId}`)
    expect(jobId('embed-backfill', { segmentId })).toBe(`embed-backfill-${segmentId}`)
    expect(jobId('train', { kind: 'fit', headId })).toBe(`train-fit-${headId}`)
    expect(jobId('adapt', { adaptationId })).toBe(`adapt-${adaptationId}`)
  })

  it('hold no colon, which BullMQ refuses', () => {
    for (const kind of jobKindNames) expect(kind).not.toContain(':')
    expect(jobId('train', { kind: 'fit', headId })).not.toContain(':')
  })
})

describe('args', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['no id', {}],
    ['an id that is no UUID', { segmentId: '../../etc/passwd' }],
    ['an id with a colon', { segmentId: `${segmentId}:1` }],
    ['a number as id', { segmentId: 7 }],
    ['a payload besides', { segmentId, video: 'AAAA' }],
    ['a prototype to inherit', JSON.parse(`{"__proto__":{"segmentId":"${segmentId}"}}`)],
  ])('refuse %s by name', (_, raw) => {
    expect(() => parseJobArgs('embed-live', raw)).toThrowError(
      expect.objectContaining({ code: 'job-args-invalid', retryable: false }),
    )
  })

  it('refuse a training of an unknown kind', () => {
    expect(() => parseJobArgs('train', { kind: 'forget', headId })).toThrow('job of kind train has bad args')
  })

  it('refuse to adapt by more than an id', () => {
    expect(() => parseJobArgs('adapt', { adaptationId, minutes: 1e9 })).toThrow('job of kind adapt has bad args')
  })

  it('name the field and not what was in it', () => {
    expect(() => parseJobArgs('embed-live', { segmentId: 'hunter2' })).toThrow(/segmentId: /)
    expect(() => parseJobArgs('embed-live', { segmentId: 'hunter2' })).not.toThrow(/hunter2/)
  })
})
