import type { IngestCamera } from '@takt/db'
import { expect, test } from 'vitest'
import { diffCameras } from './diff-cameras.ts'

const camera = (id: string, revision = 1, enabled = true): IngestCamera => ({
  id,
  name: id,
  urlSealed: new Uint8Array(),
  transport: 'tcp',
  enabled,
  revision,
  coveredUntil: null,
})
const running = (...cameras: readonly IngestCamera[]) => new Map(cameras.map(each => [each.id, each]))

test('a listed camera that does not run is started', () => {
  expect(diffCameras([camera('a'), camera('b')], running(camera('a')))).toEqual({
    start: [camera('b')],
    restart: [],
    stop: [],
  })
})

test('a camera of another revision is restarted as it is listed now', () => {
  expect(diffCameras([camera('a', 2)], running(camera('a', 1)))).toEqual({
    start: [],
    restart: [camera('a', 2)],
    stop: [],
  })
})

test('a camera that was switched off is restarted, even where its revision did not grow', () => {
  const off = camera('a', 1, false)
  expect(diffCameras([off], running(camera('a')))).toEqual({ start: [], restart: [off], stop: [] })
})

test('a camera that is listed no more is stopped', () => {
  expect(diffCameras([], running(camera('a')))).toEqual({ start: [], restart: [], stop: ['a'] })
})

test('where all runs as it is listed nothing changes, whatever coverage says', () => {
  const later = { ...camera('a'), coveredUntil: new Date() }
  expect(diffCameras([later], running(camera('a')))).toEqual({ start: [], restart: [], stop: [] })
})
