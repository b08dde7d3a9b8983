import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Resvg } from '@resvg/resvg-js'

/** Shipped, so that a machine without fonts draws the same letters. */
const font = join(dirname(fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/package.json'))), 'ttf/DejaVuSans.ttf')

/** An SVG document as PNG, at its own size. */
export function renderPng(svg: string): Uint8Array {
  const options = { font: { fontFiles: [font], loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' } }
  return new Resvg(svg, options).render().asPng()
}
