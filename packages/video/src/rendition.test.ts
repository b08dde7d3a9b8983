import { expect, test } from 'vitest'
import { renditionFilter } from './rendition.ts'

test('a plain rendition is scaled and turned to RGB', () => {
  expect(renditionFilter({ id: 'a', size: 128 })).toBe('scale=128:128:flags=fast_bilinear,format=rgb24')
})

test('masks are filled in the full picture, before the crop and the scaling', () => {
  const filter = renditionFilter({
    id: 'a',
    size: 96,
    crop: { x: 0.25, y: 0, width: 0.5, height: 1 },
    masks: [{ x: 0.1, y: 0.2, width: 0.3, height: 0.4 }],
  })
  expect(filter.split(/,(?=[a-z]+=)/)).toMatchInlineSnapshot(`
    [
      "drawbox=x='2*floor(iw*0.100000/2)':y='2*floor(ih*0.200000/2)':w='max(2,2*ceil(iw*0.400000/2)-2*floor(iw*0.100000/2))':h='max(2,2*ceil(ih*0.600000/2)-2*floor(ih*0.200000/2))':color=black:t=fill",
      "crop=w='max(2,2*round(iw*0.500000/2))':h='max(2,2*round(ih*1.000000/2))':x='2*floor(in_w*0.250000/2)':y='2*floor(in_h*0.000000/2)'",
      "scale=96:96:flags=fast_bilinear",
      "format=rgb24",
    ]
  `)
})

test('no number is written in exponent form', () => {
  expect(renditionFilter({ id: 'a', size: 8, crop: { x: 1e-7, y: 0, width: 1e-7, height: 1 } })).not.toMatch(/\de-/)
})
