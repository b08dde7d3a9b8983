import { describe, expect, test } from 'vitest'
import { parseCameraUrl } from './camera-url.ts'

describe('parseCameraUrl', () => {
  test.each([
    'rtsp://10.0.0.5/stream',
    'rtsps://cam.plant.example:322/live?channel=1',
    'rtsp://user:p%40ss@[fd00::1]:554/a/b',
  ])('accepts %s as it is written', url => {
    expect(parseCameraUrl(url).href).toBe(url)
  })

  test('knows user, password and query values, written and decoded, as secrets', () => {
    expect(new Set(parseCameraUrl('rtsp://us%20er:p%40ss@cam/x?key=s%3Dcret&n=1').secrets)).toEqual(
      new Set(['us%20er', 'us er', 'p%40ss', 'p@ss', 's%3Dcret', 's=cret', '1']),
    )
  })

  test('takes a percent sign that encodes nothing as itself', () => {
    expect(parseCameraUrl('rtsp://u:50%off@cam/').secrets).toContain('50%off')
  })

  test.each([
    ["rtsp://cam/a'\nfile 'rtsp://elsewhere/", 'quote'],
    ["rtsp://cam/a'", 'quote'],
    ['rtsp://cam/a\\b', 'backslash'],
    ['rtsp://cam/a b', 'blank'],
    ['rtsp://cam/a\0', 'control'],
    ['rtsp://cam/a\r\noption safe 0', 'control'],
    ['file:///etc/passwd', 'neither rtsp'],
    ['http://cam/', 'neither rtsp'],
    ['concat:rtsp://cam/', 'neither rtsp'],
    ['rtsp:///path', 'no host'],
    ['', 'not a URL'],
    ['cam', 'not a URL'],
  ])('refuses %j', (url, reason) => {
    expect(() => parseCameraUrl(url)).toThrow(expect.objectContaining({ code: 'url-invalid' }))
    expect(() => parseCameraUrl(url)).toThrow(reason)
  })

  test('never repeats the URL in its refusal', () => {
    for (const url of ["rtsp://canary:canary@cam/'", 'http://canary:canary@cam/?canary', 'canary']) {
      expect(() => parseCameraUrl(url)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining('canary') }),
      )
    }
  })
})
